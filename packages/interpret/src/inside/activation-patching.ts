import { checkArguments, intercept, type Layer, ShapeError } from "@pellucid/core-train";
import {
  add,
  cast,
  dispose,
  div,
  mul,
  notEqual,
  reshape,
  stack,
  sub,
  sum,
  type Tensor,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { outputsOf } from "../run/outputs-of.ts";
import type { Score } from "../score/score.ts";

/**
 * Activation patching: how much of the difference in score between a clean and a corrupted text is restored when the
 * corrupted run gets a layer's output of the clean run at one position; 1 for all of it, 0 for none.
 *
 * Meng et al., 2022, section 2.1. Locating and editing factual associations in GPT. https://arxiv.org/abs/2202.05262
 *
 * @param score what is asked of the model
 * @param layers with output `[batch, time, feature]`, called once each
 * @param clean a text, in whatever form `score` takes
 * @param corrupted another of the same shape
 * @returns the mean over the pairs of the batch, `[layer, time]`. A pair with equal scores has no share and is left out; NaN where all are such.
 */
export function activationPatching<X extends Tensor>(
  score: Score<X>,
  layers: readonly Layer<never, Tensor3D>[],
  clean: X,
  corrupted: X,
): Tensor2D {
  checkArguments("activationPatching", {
    function: { score },
    "{ forward }[]": { layers },
    tensor: { clean, corrupted },
  });
  if (clean.shape.join() !== corrupted.shape.join()) {
    throw new ShapeError(
      `activationPatching: corrupted is [${corrupted.shape.join(", ")}], expected [${clean.shape.join(", ")}], as clean is.`,
    );
  }
  return tidy(() => {
    const high = score(clean);
    const low = score(corrupted);
    const difference = sub(high, low);
    const counted = cast(notEqual(difference, 0), "float32"); // 0 where the scores of a pair are equal
    const divisor = add(difference, sub(1, counted));
    const kept = outputsOf("activationPatching", layers, () => score(clean));
    try {
      const rows = layers.map((layer, i) => {
        const right = kept[i] as Tensor3D;
        const time = right.shape[1];
        const returned = Array.from({ length: time }, (_, t) => {
          const position = reshape(tensor1d(Array.from({ length: time }, (_, at) => Number(at === t))), [
            time,
            1,
          ]);
          const patch = (y: Tensor3D): Tensor3D => add(y, mul(sub(right, y), position));
          const patched = intercept(layer, patch, () => score(corrupted));
          return div(sum(div(mul(sub(patched, low), counted), divisor)), sum(counted));
        });
        return stack(returned); // [time]
      });
      return stack(rows) as Tensor2D;
    } finally {
      dispose(kept);
    }
  });
}
