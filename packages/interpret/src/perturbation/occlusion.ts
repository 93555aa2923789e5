import { checkArguments, checkOptions, OptionError } from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  reshape,
  sub,
  tensor,
  type Tensor4D,
  tidy,
  zerosLike,
  sum,
} from "@tensorflow/tfjs-core";
import { type Baseline, baselineLike } from "../score/baseline.ts";
import { apart, copies } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link occlusion}. */
export interface OcclusionOptions extends RunOptions {
  readonly window: readonly [height: number, width: number];
  /** Default: the window's size, so that windows do not overlap. */
  readonly stride?: readonly [height: number, width: number];
  /** The value in the window. Default: 0. */
  readonly baseline?: Baseline;
}

/**
 * How much the score falls when a window covers part of the image: `score(x) − score(x covered)`, at each position averaged over the windows
 * that cover it. The last window is cut at the border, none is left out.
 *
 * Zeiler and Fergus, 2014, section 4.2. https://arxiv.org/abs/1311.2901
 */
export function occlusion(score: Score, options: OcclusionOptions): (x: Tensor4D) => Promise<Tensor4D> {
  checkArguments("occlusion", { function: { score } });
  checkOptions("occlusion", options, ["window", "stride", "baseline", "batchSize", "signal", "onProgress"]);
  checkArguments("occlusion", { numbers: { window: options.window } });
  const { window, stride = window, baseline = 0 } = options;
  for (const [name, sizes] of Object.entries({ window, stride })) {
    if (sizes.every((n) => Number.isInteger(n) && n >= 1)) continue;
    throw new OptionError("occlusion", name, `[${sizes.join(", ")}]`, "integers of at least 1");
  }
  return async (x) => {
    const [batch, height, width, channels] = x.shape;
    const [down, across] = [starts(height, window[0], stride[0]), starts(width, window[1], stride[1])];
    const corners = down.flatMap((row) => across.map((column) => [row, column] as const));
    const masks = (from: number, to: number) => {
      const values = new Float32Array((to - from) * height * width);
      corners.slice(from, to).forEach(([top, left], i) => {
        for (let row = top; row < Math.min(height, top + window[0]); row++) {
          for (let column = left; column < Math.min(width, left + window[1]); column++) {
            values[(i * height + row) * width + column] = 1;
          }
        }
      });
      return tensor(values, [to - from, 1, height, width, 1]);
    };
    const [falls, counts] = await foldBatches(
      { total: corners.length, rows: batch },
      options,
      (): [Tensor4D, Tensor4D] => [zerosLike(x), zerosLike(x)],
      ([so, count], from, to): [Tensor4D, Tensor4D] => {
        const many = to - from;
        const mask = masks(from, to); // [window, 1, height, width, 1]
        const kept = sub(1, mask);
        const hidden = mul(baselineLike("occlusion", x, baseline), mask);
        const seen = add(mul(apart(copies(x, many), batch), kept), hidden); // [window, batch, height, width, channel]
        const answers = apart(
          scoresOf("occlusion", score, reshape(seen, [many * batch, height, width, channels])),
          batch,
        );
        const fall = reshape(sub(score(x), answers), [many, batch, 1, 1, 1]);
        return [add<Tensor4D>(so, sum(mul(fall, mask), 0)), add<Tensor4D>(count, sum(mask, 0))];
      },
    );
    const map = tidy(() => div<Tensor4D>(falls, counts));
    falls.dispose();
    counts.dispose();
    return map;
  };
}

/** Where windows start along an axis, so that the whole of it is hidden once. */
function starts(size: number, window: number, stride: number): number[] {
  const count = Math.max(1, Math.ceil((size - window) / stride) + 1);
  return Array.from({ length: count }, (_, i) => i * stride).filter((at) => at < size);
}
