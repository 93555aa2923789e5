import { checkArguments, gradientAt, type Layer, sizeAlong } from "@pellucid/core-train";
import {
  cast,
  greater,
  mean,
  mul,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Score } from "../score/score.ts";

/**
 * The share of examples whose score rises when the layer moves towards a concept: `∂ score / ∂ layer · v > 0`. Compare it with that of
 * vectors of random examples: 0.5 says nothing.
 *
 * Kim et al., 2018, equation 2. https://arxiv.org/abs/1711.11279
 *
 * @param direction of {@link conceptVector}, `[unit]`
 */
export function tcav<X extends Tensor>(
  score: Score<X>,
  layer: Layer<never, Tensor>,
  direction: Tensor1D,
): (x: X) => Scalar {
  checkArguments("tcav", { function: { score }, "{ forward }": { layer }, tensor: { direction } });
  return (x) =>
    tidy(() => {
      const { gradient } = gradientAt(layer, () => score(x));
      const along = sum(mul(reshape(gradient, [sizeAlong(x, 0), -1]), direction), 1); // [batch]
      return mean(cast(greater(along, 0), "float32"));
    });
}
