import { checkArguments, checkOptions, checkPositive, checkProbabilities } from "@pellucid/core-train";
import type { TabularModel } from "../environments/tabular-env.ts";
import { emptyQTable, greedyAction, type QTable } from "./q-table.ts";

/** What is best in each state. */
export interface Solution {
  /** The value of each state. */
  readonly values: Float64Array;
  /** The value of each action in each state. */
  readonly q: QTable;
  /** The best action of each state; of equal ones the first. */
  readonly policy: Int32Array;
}

/** Options for {@link valueIteration} and {@link policyIteration}. */
export interface PlanningOptions {
  /** The discount, below 1 unless every policy ends. Default: 0.99. */
  readonly gamma?: number;
  /** Stops when no value changes by more. Default: 1e-12. */
  readonly tolerance?: number;
  /** Default: 100,000. */
  readonly maxIterations?: number;
}

/**
 * The best policy of a known model: `V(s) ← max_a Σ p (r + γ V(s′))` until nothing changes. An outcome that ends the episode has no value after it.
 * Sutton and Barto, 2018, section 4.4.
 */
export function valueIteration(model: TabularModel, options: PlanningOptions = {}): Solution {
  checkArguments("valueIteration", { "{ observationSpace, actionSpace, outcomes }": { model } });
  const { gamma, tolerance, maxIterations } = checkPlanning("valueIteration", options);
  const values = new Float64Array(model.observationSpace.n);
  for (let i = 0, change = Infinity; i < maxIterations && change > tolerance; i++) {
    change = 0;
    for (let state = 0; state < values.length; state++) {
      const best = Math.max(...actionValues(model, state, values, gamma));
      change = Math.max(change, Math.abs(best - (values[state] ?? NaN)));
      values[state] = best;
    }
  }
  return solutionOf(model, values, gamma);
}

/** What the values of the states say about actions. */
export function solutionOf(model: TabularModel, values: Float64Array, gamma: number): Solution {
  const q = emptyQTable(model).map((_, state) => actionValues(model, state, values, gamma));
  return { values, q, policy: Int32Array.from(q, (row) => greedyAction(row, 1e-9)) };
}

/** `Σ p (r + γ V(s′))` of each action. */
export function actionValues(
  model: TabularModel,
  state: number,
  values: Float64Array,
  gamma: number,
): Float64Array {
  return Float64Array.from({ length: model.actionSpace.n }, (_, action) =>
    model.outcomes(state, action).reduce((sum, { probability, reward, nextState, terminated }) => {
      const later = terminated ? 0 : gamma * (values[nextState] ?? NaN);
      return sum + probability * (reward + later);
    }, 0),
  );
}

export function checkPlanning(caller: string, options: PlanningOptions): Required<PlanningOptions> {
  checkOptions(caller, options, ["gamma", "tolerance", "maxIterations"]);
  const { gamma = 0.99, tolerance = 1e-12, maxIterations = 100_000 } = options;
  checkProbabilities(caller, { gamma });
  checkPositive(caller, { tolerance, maxIterations });
  return { gamma, tolerance, maxIterations };
}
