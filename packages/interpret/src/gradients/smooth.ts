import { amax, amin } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  reshape,
  sub,
  type Tensor,
  tensor,
  tidy,
  zerosLike,
  square,
} from "@tensorflow/tfjs-core";
import type { Attribution } from "../score/attribution.ts";
import type { NoiseOptions } from "./noise-options.ts";

/** How the maps of the noisy copies become one. */
export interface SmoothOptions extends NoiseOptions {
  /** Their mean, the mean of their squares (SmoothGrad²), or their variance (VarGrad). Default: `"mean"`. */
  readonly combine?: "mean" | "meanOfSquares" | "variance";
}

/**
 * Any map, averaged over noisy copies of its input: `mean over ε of map(x + ε)`, `ε ~ N(0, σ²)`. Maps keep their signs until they
 * are averaged, so what points both ways goes away; without noise it is the map itself.
 *
 * Smilkov, Thorat, Kim, Viégas and Wattenberg, 2017. https://arxiv.org/abs/1706.03825
 */
export function smooth<X extends Tensor>(map: Attribution<X>, options: SmoothOptions): (x: X) => Promise<X> {
  const { rng, samples = 25, noise = 0.15, combine = "mean", signal, onProgress } = options;
  return async (x) => {
    const spread = tidy(() => {
      const rows = reshape(x, [x.shape[0] as number, -1]);
      const perRow = mul(sub(amax(rows, 1), amin(rows, 1)), noise);
      return reshape(perRow, [x.shape[0] as number, ...x.shape.slice(1).map(() => 1)]);
    });
    let total: Tensor = zerosLike(x);
    let squares: Tensor = zerosLike(x);
    try {
      for (let i = 0; i < samples; i++) {
        signal?.throwIfAborted();
        const noisy = tidy(() => add<X>(x, mul(spread, tensor(rng.randn(x.shape).data, x.shape))));
        const found = await explained(map, noisy);
        const [last, lastSquares] = [total, squares];
        [total, squares] = tidy(() => [add(last, found), add(lastSquares, square(found))]) as [
          Tensor,
          Tensor,
        ];
        for (const done of [last, lastSquares, found]) done.dispose();
        onProgress?.(i + 1, samples);
      }
      return tidy(() => {
        const mean = div(total, samples);
        if (combine === "mean") return mean as X;
        const meanOfSquares = div(squares, samples);
        return (combine === "variance" ? sub(meanOfSquares, square(mean)) : meanOfSquares) as X;
      });
    } finally {
      for (const done of [spread, total, squares]) done.dispose();
    }
  };
}

/** The map of `x`, which is then freed, also when the map throws at once. */
async function explained<X extends Tensor>(map: Attribution<X>, x: X): Promise<X> {
  try {
    return await map(x);
  } finally {
    x.dispose();
  }
}
