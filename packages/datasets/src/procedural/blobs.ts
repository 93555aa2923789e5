import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { Splits } from "../splits.ts";
import type { Table } from "../table.ts";
import { drawTable, type RowsOptions } from "./draw-table.ts";
import { normal, uniform } from "./draw.ts";

export interface BlobsOptions extends RowsOptions {
  readonly rng: Rng;
  /** The centers, or how many to draw from the square from −10 to 10. Default: 3. */
  readonly centers?: number | readonly (readonly number[])[];
  /** The standard deviation of each blob. Default: 1. */
  readonly std?: number;
}

/**
 * Gaussian blobs, a class each, as scikit-learn's `make_blobs`.
 *
 * ```ts
 * // the ring of eight that shows whether a generator forgets modes
 * const angles = Array.from({ length: 8 }, (_, i) => (i * Math.PI) / 4);
 * const ring = blobs({ rng, std: 0.02, centers: angles.map((a) => [2 * Math.cos(a), 2 * Math.sin(a)]) });
 * ```
 */
export function blobs(options: BlobsOptions): Splits<Table<Int32Array>> {
  checkOptions("blobs", options, ["rng", "centers", "std", "train", "test"]);
  checkRng("blobs", options);
  const { rng, centers = 3, std = 1 } = options;
  const middles =
    typeof centers === "number"
      ? Array.from({ length: centers }, () => [uniform(rng, -10, 10), uniform(rng, -10, 10)])
      : centers;
  const [first] = middles;
  if (first === undefined) throw new RangeError("blobs: there are no centers, expected one or more.");
  const columns = first.map((_, axis) => ["x", "y", "z"][axis] ?? `x${axis}`);
  return drawTable(options, columns, Int32Array, (i) => {
    const y = i % middles.length;
    return { x: (middles[y] as readonly number[]).map((middle) => middle + std * normal(rng)), y };
  });
}
