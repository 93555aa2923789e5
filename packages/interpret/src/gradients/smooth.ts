import {
  amax,
  amin,
  checkArguments,
  checkOptions,
  checkRng,
  disposeLeaves,
  leaves,
  type Structured,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  add,
  dispose,
  div,
  mul,
  reshape,
  square,
  sub,
  type Tensor,
  tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import type { Attribution } from "../score/attribution.ts";
import { attributionOf, floatLeaves, leavesAtFloats, withFloats } from "../score/float-leaves.ts";
import type { NoiseOptions } from "./noise-options.ts";

/** Options for {@link smooth}. */
export interface SmoothOptions extends NoiseOptions {
  /** The mean of the attributions, the mean of their squares (SmoothGrad²), or their variance (VarGrad). Default: `"mean"`. */
  readonly combine?: "mean" | "meanOfSquares" | "variance";
}

/**
 * An attribution averaged over noisy copies of its input: `mean over ε of map(x + ε)`, `ε ~ N(0, σ²)`. Signs are kept until the mean is
 * taken, so contributions of both signs cancel; without noise it is the attribution itself.
 *
 * Of a structure, noise is added to its float tensors, and `σ` is a share of the range of each row of each of them.
 *
 * Smilkov, Thorat, Kim, Viégas and Wattenberg, 2017. https://arxiv.org/abs/1706.03825
 */
export function smooth<X extends Structured<X>>(
  map: Attribution<X>,
  options: SmoothOptions,
): (x: X) => Promise<X> {
  checkArguments("smooth", { function: { map } });
  checkRng("smooth", options);
  checkOptions("smooth", options, [
    "combine",
    "rng",
    "samples",
    "noise",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  const { rng, samples = 25, noise = 0.15, combine = "mean", signal, onProgress } = options;
  checkCount("smooth", "samples", samples);
  return async (x) => {
    const inputs = floatLeaves(x);
    const deviations = tidy(() => inputs.map((leaf) => mul(rangeOfRows(leaf), noise)));
    let sums = inputs.map((leaf) => zerosLike(leaf));
    let squares = inputs.map((leaf) => zerosLike(leaf));
    try {
      for (let i = 0; i < samples; i++) {
        signal?.throwIfAborted();
        const noisy = tidy(() =>
          inputs.map((leaf, j) =>
            add(leaf, mul(deviations[j] ?? 0, tensor(rng.randn(leaf.shape).data, leaf.shape))),
          ),
        );
        const found = await explained(map, withFloats(x, noisy), noisy);
        const parts = leavesAtFloats(x, found);
        const [lastSums, lastSquares] = [sums, squares];
        sums = tidy(() => lastSums.map((sum, j) => add(sum, parts[j] ?? 0)));
        squares = tidy(() => lastSquares.map((sum, j) => add(sum, square(parts[j] ?? 0))));
        dispose([...lastSums, ...lastSquares]);
        disposeLeaves(found, leaves(x));
        onProgress?.(i + 1, samples);
      }
      return tidyLeaves(() => {
        const combined = sums.map((sum, j) => {
          const mean = div(sum, samples);
          if (combine === "mean") return mean;
          const meanOfSquares = div(squares[j] ?? 0, samples);
          return combine === "variance" ? sub(meanOfSquares, square(mean)) : meanOfSquares;
        });
        return attributionOf(x, combined);
      });
    } finally {
      dispose([...deviations, ...sums, ...squares]);
    }
  };
}

/** `max − min` of each row: `[batch, 1, …]` */
function rangeOfRows(x: Tensor): Tensor {
  const batch = x.shape[0] ?? 1;
  const rows = reshape(x, [batch, -1]);
  return reshape(
    sub(amax(rows, 1), amin(rows, 1)),
    x.rank === 0 ? [] : [batch, ...x.shape.slice(1).map(() => 1)],
  );
}

/** The attribution of a noisy input, of which the floats are then freed, also when the tool throws at once. */
async function explained<X extends Structured<X>>(map: Attribution<X>, x: X, floats: Tensor[]): Promise<X> {
  try {
    return await map(x);
  } finally {
    dispose(floats);
  }
}
