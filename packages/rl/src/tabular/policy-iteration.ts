import { checkArguments, ShapeError } from "@pellucid/core-train";
import type { TabularModel } from "../environments/tabular-env.ts";
import {
  actionValues,
  checkPlanning,
  type PlanningOptions,
  type Solution,
  solutionOf,
} from "./value-iteration.ts";

/** The probability of each action in each state. */
export type TabularPolicy = readonly ArrayLike<number>[];

/**
 * The value of each state under a policy: `V(s) ← Σ π(a|s) Σ p (r + γ V(s′))` until nothing changes. Sutton and Barto, 2018, section 4.1.
 *
 * @throws ShapeError where the policy has not a row for each state with a probability for each action
 */
export function policyEvaluation(
  model: TabularModel,
  policy: TabularPolicy,
  options: PlanningOptions = {},
): Float64Array {
  checkArguments("policyEvaluation", { "{ observationSpace, actionSpace, outcomes }": { model } });
  const { gamma, tolerance, maxIterations } = checkPlanning("policyEvaluation", options);
  const [states, actions] = [model.observationSpace.n, model.actionSpace.n];
  if (policy.length !== states || policy.some((row) => row.length !== actions))
    throw new ShapeError(
      `policyEvaluation: the policy has ${policy.length} rows, expected ${states} rows of ${actions} probabilities.`,
    );
  const values = new Float64Array(states);
  for (let i = 0, change = Infinity; i < maxIterations && change > tolerance; i++) {
    change = 0;
    for (let state = 0; state < states; state++) {
      const q = actionValues(model, state, values, gamma);
      const probabilities = policy[state] as ArrayLike<number>;
      const value = q.reduce((sum, each, action) => sum + each * (probabilities[action] ?? NaN), 0);
      change = Math.max(change, Math.abs(value - (values[state] ?? NaN)));
      values[state] = value;
    }
  }
  return values;
}

/** The best policy of a known model: evaluates a policy and makes it greedy, in turn, until it does not change. Sutton and Barto, 2018, section 4.3. */
export function policyIteration(model: TabularModel, options: PlanningOptions = {}): Solution {
  checkArguments("policyIteration", { "{ observationSpace, actionSpace, outcomes }": { model } });
  const { gamma, maxIterations } = checkPlanning("policyIteration", options);
  const actions = model.actionSpace.n;
  let policy = new Int32Array(model.observationSpace.n);
  for (let i = 0; ; i++) {
    const rows = Array.from(policy, (best) =>
      Float64Array.from({ length: actions }, (_, a) => (a === best ? 1 : 0)),
    );
    const solution = solutionOf(model, policyEvaluation(model, rows, options), gamma);
    if (i >= maxIterations || solution.policy.every((action, state) => action === policy[state]))
      return solution;
    policy = solution.policy.slice();
  }
}
