import {
  capture,
  checkArguments,
  checkOptions,
  intercept,
  type Layer,
  sizeAlong,
  type Structured,
} from "@pellucid/core-train";
import {
  concat,
  div,
  mul,
  relu,
  reshape,
  sub,
  sum,
  tensor,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import type { CamOptions } from "./cam.ts";
import type { SpatialMap } from "./spatial-map.ts";
import { copies, isRepeatable } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import type { RunOptions } from "../run/run-options.ts";
import { scoresOf } from "../run/scores-of.ts";
import type { Score } from "../score/score.ts";

/**
 * Ablation-CAM, without gradients: `ReLU(Σ_k w_k A_k)`, with `w_k = (score − score without A_k) / score`, by setting one channel after
 * the other to zero.
 *
 * Desai and Ramaswamy, 2020, equation 3. https://doi.org/10.1109/WACV45572.2020.9093360
 *
 * Of a structure one channel is set to zero at a time.
 *
 * @returns `[batch, …spatial]`
 */
export function ablationCam<X extends Structured<X>>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  options: RunOptions & CamOptions = {},
): (x: X) => Promise<SpatialMap> {
  checkArguments("ablationCam", { function: { score }, "{ forward }": { layer } });
  checkOptions("ablationCam", options, ["batchSize", "signal", "onProgress", "positive"]);
  const { positive = true } = options;
  return async (x) => {
    const activations = capture(layer, () => score(x)); // [batch, …spatial, channel]
    const [batch = 0] = activations.shape;
    try {
      const channels = sizeAlong(activations, -1);
      const [scores] = await foldBatches(
        { total: channels, rows: isRepeatable(x) ? batch : Infinity },
        options,
        (): [Tensor2D] => [zeros([0, batch])],
        ([done], from, to): [Tensor2D] => {
          const mask = reshape(ablationMask(from, to, batch, channels), [
            (to - from) * batch,
            ...activations.shape.slice(1, -1).map(() => 1),
            channels,
          ]);
          const ablated = intercept(
            layer,
            (y: Tensor) => mul(y, mask),
            () =>
              scoresOf("ablationCam", score, isRepeatable(x) ? copies(x, to - from) : x, (to - from) * batch),
          );
          return [concat([done, reshape(ablated, [to - from, batch])], 0) as Tensor2D];
        },
      );
      return tidy(() => {
        const whole = reshape(score(x), [batch, 1]);
        const weights = div(sub(whole, transpose(scores)), whole); // [batch, channel]
        scores.dispose();
        const shape = [batch, ...activations.shape.slice(1, -1).map(() => 1), channels];
        const map = sum(mul(activations, reshape(weights, shape)), -1);
        return positive ? relu(map) : map;
      });
    } finally {
      activations.dispose();
    }
  };
}

/** `[copy · batch, channel]`: copy `i` has 0 in channel `from + i` and 1 elsewhere. */
function ablationMask(from: number, to: number, batch: number, channels: number): Tensor {
  const values = new Float32Array((to - from) * batch * channels).fill(1);
  for (let row = 0; row < (to - from) * batch; row++)
    values[row * channels + from + Math.floor(row / batch)] = 0;
  return tensor(values, [(to - from) * batch, channels]);
}
