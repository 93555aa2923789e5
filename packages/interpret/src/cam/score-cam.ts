import {
  amax,
  amin,
  capture,
  checkArguments,
  checkOptions,
  interpolate,
  type Layer,
  softmax,
} from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor2D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
  concat,
} from "@tensorflow/tfjs-core";
import type { CamOptions } from "./cam.ts";
import type { SpatialMap } from "./spatial-map.ts";
import { copies } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link scoreCam}. */
export interface ScoreCamOptions extends RunOptions, CamOptions {}

/**
 * Score-CAM, without gradients: `ReLU(Σ_k w_k A_k)`, with `w = softmax over k of score(x · H_k)`, where the mask `H_k` is `A_k` upsampled
 * to the image's size and scaled to 0 … 1. A constant activation map gives a mask of zeros.
 *
 * Wang et al., 2020, equations 8 and 9. https://arxiv.org/abs/1910.01279
 *
 * @returns `[batch, height, width]`, in the layer's own resolution
 */
export function scoreCam(
  score: Score,
  layer: Layer<never, Tensor4D>,
  options: ScoreCamOptions = {},
): (x: Tensor4D) => Promise<SpatialMap> {
  checkArguments("scoreCam", { function: { score }, "{ forward }": { layer } });
  checkOptions("scoreCam", options, ["batchSize", "signal", "onProgress", "positive"]);
  const { positive = true } = options;
  return async (x) => {
    const [batch, height, width] = x.shape;
    const activations = capture(layer, () => score(x)); // [batch, h, w, channel]
    try {
      const channels = activations.shape[3];
      const [scores] = await foldBatches(
        { total: channels, rows: batch },
        options,
        (): [Tensor2D] => [zeros([0, batch])],
        ([done], from, to): [Tensor2D] => {
          const some = slice(activations, [0, 0, 0, from], [-1, -1, -1, to - from]);
          const maps = interpolate(some, { size: [height, width], mode: "bilinear" }); // [batch, height, width, some]
          const low = amin(maps, [1, 2], true);
          const range = sub(amax(maps, [1, 2], true), low);
          const masks = div(sub(maps, low), add(range, 1e-12));
          const rows = reshape(transpose(masks, [3, 0, 1, 2]), [(to - from) * batch, height, width, 1]);
          const masked = score(mul<Tensor4D>(copies(x, to - from), rows));
          return [concat([done, reshape(masked, [to - from, batch])], 0) as Tensor2D];
        },
      );
      return tidy(() => {
        const weights = softmax(transpose(scores)); // [batch, channel]
        scores.dispose();
        const map = sum(mul(activations, reshape(weights, [batch, 1, 1, channels])), 3);
        return positive ? relu(map) : map;
      });
    } finally {
      activations.dispose();
    }
  };
}
