import { intercept, type Layer, ShapeError } from "@pellucid/core-train";
import {
  add,
  dispose,
  div,
  mean,
  mul,
  reshape,
  stack,
  sub,
  type Tensor,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { outputsOf } from "../run/outputs-of.ts";
import type { Score } from "../score/score.ts";

/**
 * Where a model keeps what an answer hangs on: how much of the difference between a text and one that was spoiled comes back when the
 * spoiled one's run gets what a layer put out for the whole one, at one place; 1 where all of it does, 0 where nothing does.
 *
 * Meng et al., 2022, section 2.1. Locating and editing factual associations in GPT. https://arxiv.org/abs/2202.05262
 *
 * @param score what is asked of the model
 * @param layers that put out `[batch, time, feature]`, and run once each
 * @param whole a text, in whatever form `score` takes
 * @param spoiled another of the same shape
 * @returns the mean over the batch, `[layer, time]`
 */
export function activationPatching<X extends Tensor>(
  score: Score<X>,
  layers: readonly Layer<never, Tensor3D>[],
  whole: X,
  spoiled: X,
): Tensor2D {
  if (whole.shape.join() !== spoiled.shape.join()) {
    throw new ShapeError(
      `activationPatching: spoiled is [${spoiled.shape.join(", ")}], expected [${whole.shape.join(", ")}], as whole is.`,
    );
  }
  return tidy(() => {
    const high = score(whole);
    const low = score(spoiled);
    const kept = outputsOf("activationPatching", layers, () => score(whole));
    try {
      const rows = layers.map((layer, i) => {
        const right = kept[i] as Tensor3D;
        const time = right.shape[1];
        const returned = Array.from({ length: time }, (_, t) => {
          const place = reshape(tensor1d(Array.from({ length: time }, (_, at) => Number(at === t))), [
            time,
            1,
          ]);
          const patch = (y: Tensor3D): Tensor3D => add(y, mul(sub(right, y), place));
          const patched = intercept(layer, patch, () => score(spoiled));
          return mean(div(sub(patched, low), sub(high, low)));
        });
        return stack(returned); // [time]
      });
      return stack(rows) as Tensor2D;
    } finally {
      dispose(kept);
    }
  });
}
