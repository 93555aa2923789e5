import {
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkSizes,
  DataError,
} from "@pellucid/core-train";
import { extendKnots } from "./extend-knots.ts";

/** Options for {@link adaptiveKnots}. */
export interface AdaptiveKnotsOptions {
  /** 1 gives even intervals, 0 the quantiles of the samples, a number between mixes them. Default: 0.02. */
  readonly gridEps?: number;
  /** How far the even intervals reach beyond the samples, at each end. Default: 0.01. */
  readonly margin?: number;
  /** Which samples are the quantiles: those that efficient-kan takes, or pykan. Default: "efficient-kan". */
  readonly quantiles?: "efficient-kan" | "pykan";
}

/**
 * Knots that follow the samples: many where samples are many,
 *
 *     gridEps · even + (1 − gridEps) · quantiles
 *
 * and `order` more beyond each end. Equal samples can make equal knots, which {@link splineBasis} and the layers accept. Where all samples are equal
 * and there is no margin, the knots are `1e-6` of their size apart.
 *
 * The comments of pykan say the opposite of `gridEps`; its code, and efficient-kan's, are as here.
 *
 * @param samples in any order
 * @param size the number of intervals
 * @returns `size + 2 · order + 1` numbers
 * @throws {DataError} If there are no samples, or one is not finite.
 */
export function adaptiveKnots(
  samples: ArrayLike<number>,
  size: number,
  order: number,
  options: AdaptiveKnotsOptions = {},
): Float64Array {
  checkOptions("adaptiveKnots", options, ["gridEps", "margin", "quantiles"]);
  const { gridEps = 0.02, margin = 0.01, quantiles = "efficient-kan" } = options;
  checkSizes("adaptiveKnots", { size });
  checkSizes("adaptiveKnots", { order }, 0);
  checkProbabilities("adaptiveKnots", { gridEps });
  checkNotNegative("adaptiveKnots", { margin });
  checkChoice("adaptiveKnots", "quantiles", quantiles, ["efficient-kan", "pykan"]);
  const sorted = sortedSamples(samples);
  const [least, most] = [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
  const needed = 1e-6 * Math.max(1, Math.abs(least), Math.abs(most));
  const spread = (most - least + 2 * margin) / size;
  const step = spread > 0 ? spread : needed;
  const start = spread > 0 ? least - margin : least - (needed * size) / 2;
  const index = quantiles === "pykan" ? pykanIndex : linspaceIndex;
  const grid = Float64Array.from(
    { length: size + 1 },
    (_, i) => gridEps * (start + i * step) + (1 - gridEps) * (sorted[index(i, size, sorted.length)] ?? NaN),
  );
  return extendKnots(grid, order, step);
}

function sortedSamples(samples: ArrayLike<number>): Float64Array {
  if (samples.length === 0)
    throw new DataError("adaptiveKnots: there are no samples, expected one at least.");
  const sorted = Float64Array.from(samples).sort();
  if (!Number.isFinite(sorted[0]) || !Number.isFinite(sorted.at(-1)))
    throw new DataError("adaptiveKnots: a sample is not finite, expected numbers. Is there a NaN in x?");
  return sorted;
}

/** `torch.linspace(0, count − 1, size + 1, dtype=torch.int64)`, which counts from the nearer end. */
function linspaceIndex(i: number, size: number, count: number): number {
  const step = (count - 1) / size;
  return i < (size + 1) / 2 ? Math.trunc(i * step) : Math.trunc(count - 1 - (size - i) * step);
}

function pykanIndex(i: number, size: number, count: number): number {
  return i === size ? count - 1 : Math.trunc((count / size) * i);
}
