import { checkArguments } from "@pellucid/core-train";
import type { TabularModel } from "../environments/tabular-env.ts";

/** The value of each action in each state: `table[state][action]`. */
export type QTable = Float64Array[];

/** All values 0. */
export function emptyQTable(task: Pick<TabularModel, "observationSpace" | "actionSpace">): QTable {
  checkArguments("emptyQTable", { "{ observationSpace, actionSpace }": { task } });
  const { observationSpace, actionSpace } = task;
  return Array.from({ length: observationSpace.n }, () => new Float64Array(actionSpace.n));
}

/** The best action of a row: of equal ones, within `tolerance`, the first. */
export function greedyAction(row: Float64Array, tolerance = 0): number {
  checkArguments("greedyAction", { numbers: { row } });
  const best = Math.max(...row);
  return row.findIndex((value) => value >= best - tolerance);
}
