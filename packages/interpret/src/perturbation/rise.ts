import {
  checkArguments,
  checkOptions,
  checkRng,
  interpolate,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  reshape,
  slice,
  concat,
  sum,
  tensor,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { apart, copies } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link rise}. */
export interface RiseOptions extends RunOptions {
  readonly rng: Rng;
  /** How many masks. Default: 2000. */
  readonly masks?: number;
  /** Cells along each side of a mask. Default: 7. */
  readonly cells?: number;
  /** The probability that a cell is visible. Default: 0.5. */
  readonly keep?: number;
}

/**
 * The mean of random masks, weighted by what the score says of the image seen through them: `1 / (N p) · Σ score(x · M) M`. A mask is a
 * coarse grid of ones and zeros, enlarged smoothly and shifted by a random part of a cell.
 *
 * Petsiuk, Das and Saenko, 2018, equation 6. https://arxiv.org/abs/1806.07421
 *
 * @returns `[batch, height, width, 1]`
 */
export function rise(score: Score, options: RiseOptions): (x: Tensor4D) => Promise<Tensor4D> {
  checkArguments("rise", { function: { score } });
  checkRng("rise", options);
  checkOptions("rise", options, ["rng", "masks", "cells", "keep", "batchSize", "signal", "onProgress"]);
  const { rng, masks = 2000, cells = 7, keep = 0.5 } = options;
  if (!(keep > 0 && keep <= 1)) throw new OptionError("rise", "keep", keep, "above 0, up to 1");
  checkCount("rise", "masks", masks);
  checkCount("rise", "cells", cells);
  return async (x) => {
    const [batch, height, width, channels] = x.shape;
    const [total] = await foldBatches(
      { total: masks, rows: batch },
      options,
      (): [Tensor4D] => [zeros([batch, height, width, 1])],
      ([so], from, to): [Tensor4D] => {
        const many = to - from;
        const drawn = randomMasks(rng, many, { cells, keep, height, width }); // [mask, height, width, 1]
        const perRow = reshape(drawn, [many, 1, height, width, 1]);
        const seen = mul(apart(copies(x, many), batch), perRow);
        const answers = scoresOf("rise", score, reshape(seen, [many * batch, height, width, channels]));
        const weights = reshape(answers, [many, batch, 1, 1, 1]);
        return [add<Tensor4D>(so, div(sum(mul(weights, perRow), 0), masks * keep))];
      },
    );
    return total;
  };
}

function randomMasks(
  rng: Rng,
  count: number,
  { cells, keep, height, width }: { cells: number; keep: number; height: number; width: number },
): Tensor4D {
  return tidy(() => {
    const [cellHeight, cellWidth] = [Math.ceil(height / cells), Math.ceil(width / cells)];
    const grid = tensor(rng.bernoulli(keep, [count, cells + 1, cells + 1, 1]).data, [
      count,
      cells + 1,
      cells + 1,
      1,
    ]);
    const size = [(cells + 1) * cellHeight, (cells + 1) * cellWidth] as const;
    const large = interpolate(grid as Tensor4D, { size, mode: "bilinear" });
    const shifts = rng.randint(0, cellHeight * cellWidth, [count]).data;
    const cut = Array.from(shifts, (shift, i) => {
      const [top, left] = [Math.floor(shift / cellWidth), shift % cellWidth];
      return slice(large, [i, top, left, 0], [1, height, width, 1]);
    });
    return concat(cut, 0) as Tensor4D;
  });
}
