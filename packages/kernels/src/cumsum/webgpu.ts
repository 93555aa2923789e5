import { Cumprod, Cumsum, engine, reverse, type Tensor } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

interface Attributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** tfjs' own take the length of the first tensor they ran backward over for that of all: here the tensor is turned around. */
export const cumulative: readonly ComposedKernel[] = [Cumsum, Cumprod].map((name) =>
  defineComposedKernel<{ x: Tensor }, Attributes>(name, ({ x }, { axis, exclusive, reverse: backward }) => {
    if (!backward) return null;
    const turned = reverse(x, axis);
    const along = { axis, exclusive, reverse: false };
    return reverse(engine().runKernel(name, { x: turned }, along) as Tensor, axis);
  }),
);
