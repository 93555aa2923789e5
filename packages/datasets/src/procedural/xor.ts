import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { Splits } from "../splits.ts";
import type { Table } from "../table.ts";
import { drawTable, type RowsOptions } from "./draw-table.ts";
import { normal, uniform } from "./draw.ts";

export interface XorOptions extends RowsOptions {
  readonly rng: Rng;
  /** The standard deviation of the noise, added after the class is known. Default: 0. */
  readonly noise?: number;
}

/** Points from −1 to 1 whose class is whether exactly one coordinate is positive: no single layer tells. */
export function xor(options: XorOptions): Splits<Table<Int32Array>> {
  checkOptions("xor", options, ["rng", "noise", "train", "test"]);
  checkRng("xor", options);
  const { rng, noise = 0 } = options;
  return drawTable(options, ["x", "y"], Int32Array, () => {
    const point = [uniform(rng, -1, 1), uniform(rng, -1, 1)] as const;
    const y = Number(point[0] > 0 !== point[1] > 0);
    return { x: point.map((value) => value + noise * normal(rng)), y };
  });
}
