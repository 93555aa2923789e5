import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { Splits } from "../splits.ts";
import type { Table } from "../table.ts";
import { drawTable, type RowsOptions } from "./draw-table.ts";
import { normal, uniform } from "./draw.ts";

export interface SineOptions extends RowsOptions {
  readonly rng: Rng;
  /** Where x lies. Default: from −π to π. */
  readonly range?: readonly [low: number, high: number];
  /** The standard deviation of the noise in y. Default: 0.1. */
  readonly noise?: number;
}

/** A curve to fit: `y = sin x`, and noise. */
export function sine(options: SineOptions): Splits<Table<Float32Array>> {
  checkOptions("sine", options, ["rng", "range", "noise", "train", "test"]);
  checkRng("sine", options);
  const { rng, range = [-Math.PI, Math.PI], noise = 0.1 } = options;
  return drawTable(options, ["x"], Float32Array, () => {
    const x = uniform(rng, ...range);
    return { x: [x], y: Math.sin(x) + noise * normal(rng) };
  });
}
