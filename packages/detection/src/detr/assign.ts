import { checkArguments, OptionError, ShapeError } from "@pellucid/core-train";
import { munkres } from "munkres";

/** A row and the column that it is assigned. */
export type AssignedPair = readonly [row: number, column: number];

/**
 * The assignment of rows to columns of the least total cost, as `scipy.optimize.linear_sum_assignment`: each row and column at most once, as many as there are of the fewer; in the order of the
 * rows. Where several have the same total, any of them.
 *
 * Kuhn, 1955. The Hungarian method for the assignment problem. https://doi.org/10.1002/nav.3800020109
 *
 * @param costs `[row][column]`
 * @throws {StructError} for what is not rows of numbers
 * @throws {ShapeError} for rows of different lengths
 * @throws {OptionError} for a cost that is not a number
 */
export function assign(costs: readonly (readonly number[])[]): AssignedPair[] {
  checkArguments("assign", { "numbers[]": { costs } });
  const columns = costs[0]?.length ?? 0;
  for (const [i, row] of costs.entries()) {
    if (row.length !== columns)
      throw new ShapeError(
        `assign: row ${i} has ${row.length} costs, expected ${columns}, as the first one has.`,
      );
    const wrong = row.findIndex(Number.isNaN);
    if (wrong >= 0)
      throw new OptionError("assign", `the cost of row ${i} and column ${wrong}`, Number.NaN, "a number");
  }
  if (columns === 0) return [];
  return munkres(costs.map((row) => [...row])).toSorted(([a], [b]) => a - b);
}
