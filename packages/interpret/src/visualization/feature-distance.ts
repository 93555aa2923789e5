import { checkArguments } from "@pellucid/core-train";
import type { Layer } from "@pellucid/core-train";
import { add, div, square, sub, sum, type Scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { measureAt } from "../score/measure-at.ts";

/**
 * How far an image's features are from those of another: `‖φ(x) − φ0‖² / ‖φ0‖²`. Minimized by {@link optimizeImage}, it shows what a layer still knows of
 * a picture.
 *
 * Mahendran and Vedaldi, 2015, equation 2. https://arxiv.org/abs/1412.0035
 *
 * @param run calls the layer, such as the model's `forward`
 * @param target the layer's output for the other image, from `capture`; borrowed, for as long as the loss is used
 */
export function featureDistance<X extends Tensor>(
  run: (x: X) => unknown,
  layer: Layer<never, Tensor>,
  target: Tensor,
): (x: X) => Scalar {
  checkArguments("featureDistance", { function: { run }, "{ forward }": { layer }, tensor: { target } });
  return (x) =>
    tidy(() => {
      const size = add(sum(square(target)), 1e-12);
      const distance = (y: Tensor) => div(sum(square(sub(y, target))), size);
      const [found] = measureAt("featureDistance", [layer], distance, () => run(x));
      return found as Scalar;
    });
}
