import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { Splits } from "../splits.ts";
import type { Table } from "../table.ts";
import { drawTable, type RowsOptions } from "./draw-table.ts";
import { normal, uniform } from "./draw.ts";

export interface MoonsOptions extends RowsOptions {
  readonly rng: Rng;
  /** The standard deviation of the noise. Default: 0.1. */
  readonly noise?: number;
}

/** Two interleaved half circles of radius 1, as scikit-learn's `make_moons`: no line divides them. */
export function moons(options: MoonsOptions): Splits<Table<Int32Array>> {
  checkOptions("moons", options, ["rng", "noise", "train", "test"]);
  checkRng("moons", options);
  const { rng, noise = 0.1 } = options;
  return drawTable(options, ["x", "y"], Int32Array, (i) => {
    const y = i % 2;
    const angle = uniform(rng, 0, Math.PI);
    const [across, up] = [Math.cos(angle), Math.sin(angle)];
    const [left, top] = y === 0 ? [across, up] : [1 - across, 0.5 - up];
    return { x: [left + noise * normal(rng), top + noise * normal(rng)], y };
  });
}
