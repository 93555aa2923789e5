import { checkOptions, checkRng } from "@pellucid/core-train";
import type { Rng } from "@pellucid/core-train";
import type { Splits } from "../splits.ts";
import type { Table } from "../table.ts";
import { drawTable, type RowsOptions } from "./draw-table.ts";
import { normal, uniform } from "./draw.ts";

export interface SpiralsOptions extends RowsOptions {
  readonly rng: Rng;
  /** How many arms, each a class. Default: 2. */
  readonly arms?: number;
  /** How often each arm goes around. Default: 1.5. */
  readonly turns?: number;
  /** The standard deviation of the noise. Default: 0.02. */
  readonly noise?: number;
}

/** Spiral arms within the unit circle: small nets must bend the plane to divide them. */
export function spirals(options: SpiralsOptions): Splits<Table<Int32Array>> {
  checkOptions("spirals", options, ["rng", "arms", "turns", "noise", "train", "test"]);
  checkRng("spirals", options);
  const { rng, arms = 2, turns = 1.5, noise = 0.02 } = options;
  return drawTable(options, ["x", "y"], Int32Array, (i) => {
    const y = i % arms;
    const radius = Math.sqrt(uniform(rng, 0.02, 1)); // as densely outside as inside
    const angle = 2 * Math.PI * (turns * radius + y / arms);
    return {
      x: [radius * Math.cos(angle) + noise * normal(rng), radius * Math.sin(angle) + noise * normal(rng)],
      y,
    };
  });
}
