import { checkArguments, checkOptions, checkShape, type Layer, type Structured } from "@pellucid/core-train";
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
 * How strongly a layer's activations point in a direction: `a · d · (cos(a, d)⁺)ᵖ`, with `a` their mean over positions; other directions count against it.
 *
 * Carter et al., 2019. https://distill.pub/2019/activation-atlas
 *
 * @param run calls the layer, such as the model's `forward`
 * @param directions one for each example, `[batch, channel]`; borrowed, for as long as the score is used
 */
export function directionScore<X extends Structured<X>>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
  directions: Tensor2D,
  options: { readonly power?: number } = {},
): Score<X> {
  checkArguments("directionScore", { function: { run }, "{ forward }": { layer } });
  checkOptions("directionScore", options, ["power"]);
  const { power = 2 } = options;
  return (x) =>
    tidy(() => {
      const score = (maps: Tensor) => {
        const spatial = maps.shape.slice(1, -1).map((_, i) => i + 1);
        const found = mean(maps, spatial); // [batch, channel]
        checkShape("directionScore", "the layer's output, averaged over positions,", found, directions.shape);
        const dot = sum(mul(found, directions), 1);
        const size = (y: Tensor) => sqrt(add(sum(square(y), 1), 1e-12));
        const cosine = div(dot, mul(size(found), size(directions)));
        return mul(dot, pow(relu(cosine), power));
      };
      return measureAt("directionScore", [layer], score, () => run(x))[0] as Tensor1D; // [batch]
    });
}
