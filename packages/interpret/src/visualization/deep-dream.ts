import {
  abs,
  checkArguments,
  checkOptions,
  checkRng,
  gradient,
  interpolate,
  type Rng,
} from "@pellucid/core-train";
import { add, div, mean, mul, sub, type Tensor4D } from "@tensorflow/tfjs-core";
import { foldBatches } from "../run/fold-batches.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Score } from "../score/score.ts";
import { shiftImage } from "./shift-image.ts";

/** Options for {@link deepDream}. */
export interface DeepDreamOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  readonly rng: Rng;
  /** Sizes that it dreams at, the last one the image's own. Default: 3. */
  readonly octaves?: number;
  /** From one size to the next. Default: 1.4. */
  readonly octaveScale?: number;
  /** At each size. Default: 10. */
  readonly steps?: number;
  /** How much a step changes a pixel on average. Default: 0.01. */
  readonly stepSize?: number;
  /** How far the image is shifted at random for each step, and back after it. Default: 4. */
  readonly jitter?: number;
}

/**
 * An image in which a layer sees more of what it saw: `x ← x + step · g / mean |g|`, first small, then larger; what was lost by making the image small
 * is put back at each size.
 *
 * Mordvintsev, Olah and Tyka, 2015. https://research.google/blog/inceptionism-going-deeper-into-neural-networks
 *
 * @param score mostly the mean square of a layer
 */
export function deepDream(score: Score, options: DeepDreamOptions): (x: Tensor4D) => Promise<Tensor4D> {
  checkArguments("deepDream", { function: { score } });
  checkRng("deepDream", options);
  checkOptions("deepDream", options, [
    "rng",
    "octaves",
    "octaveScale",
    "steps",
    "stepSize",
    "jitter",
    "signal",
    "onProgress",
  ]);
  const { rng, octaves = 3, octaveScale = 1.4, steps = 10, stepSize = 0.01, jitter = 4 } = options;
  checkCount("deepDream", "octaves", octaves);
  checkCount("deepDream", "steps", steps);
  checkCount("deepDream", "jitter", jitter, 0);
  const gradientOf = gradient<Tensor4D>(score);
  return async (x) => {
    const [, height, width] = x.shape;
    const sizes = Array.from({ length: octaves }, (_, i) => {
      const by = octaveScale ** (octaves - 1 - i);
      return [Math.max(1, Math.round(height / by)), Math.max(1, Math.round(width / by))] as const;
    });
    const at = (image: Tensor4D, size: readonly [number, number]) =>
      interpolate(image, { size: [...size], mode: "bilinear" });
    const [dreamed] = await foldBatches(
      { total: octaves * steps },
      { ...options, batchSize: 1 },
      (): [Tensor4D] => [at(x, sizes[0] as readonly [number, number])],
      ([so], piece): [Tensor4D] => {
        const octave = Math.floor(piece / steps);
        const size = sizes[octave] as readonly [number, number];
        let image = so;
        if (piece % steps === 0 && octave > 0) {
          const before = sizes[octave - 1] as readonly [number, number];
          const lost = sub(at(x, size), at(at(x, before), size));
          image = add<Tensor4D>(at(so, size), lost);
        }
        const shifts = Array.from(rng.randint(-jitter, jitter + 1, [2]).data) as [number, number];
        const shifted = shiftImage(image, ...shifts);
        const g = gradientOf(shifted);
        const moved = add<Tensor4D>(shifted, mul(div(g, add(mean(abs(g)), 1e-12)), stepSize));
        return [shiftImage(moved, -shifts[0], -shifts[1])];
      },
    );
    return dreamed;
  };
}
