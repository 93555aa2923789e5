import { checkShape, type Layer } from "@pellucid/core-train";
import {
  add,
  div,
  mean,
  mul,
  pow,
  relu,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { measureAt } from "./measure-at.ts";
import type { Score } from "./score.ts";

/**
 * How much a layer says one thing: `a · d · (cos(a, d)⁺)ᵖ` with `a` the mean of its maps over places, so that other things it says count against it.
 *
 * Carter et al., 2019. https://distill.pub/2019/activation-atlas
 *
 * @param run what runs the layer: the model's `forward`
 * @param directions one for each example, `[batch, channel]`; borrowed, for as long as the score is used
 */
export function directionScore<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
  directions: Tensor2D,
  { power = 2 }: { readonly power?: number } = {},
): Score<X> {
  return (x) =>
    tidy(() => {
      const score = (maps: Tensor) => {
        const places = maps.shape.slice(1, -1).map((_, i) => i + 1);
        const found = mean(maps, places); // [batch, channel]
        checkShape("directionScore", "what the layer puts out, over places,", found, directions.shape);
        const dot = sum(mul(found, directions), 1);
        const size = (y: Tensor) => sqrt(add(sum(square(y), 1), 1e-12));
        const cosine = div(dot, mul(size(found), size(directions)));
        return mul(dot, pow(relu(cosine), power));
      };
      return measureAt("directionScore", [layer], score, () => run(x))[0] as Tensor1D; // [batch]
    });
}
