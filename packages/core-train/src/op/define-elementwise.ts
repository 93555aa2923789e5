import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";

/** How an op maps one number to one number. */
export interface ElementwiseDefinition<Attributes extends object> {
  /** The name under which a backend's kernel is registered. */
  readonly name: string;
  /** The name under which a backend's kernel of the gradient, `dy f'(x)`, is registered. Default: it is always composed. */
  readonly gradientName?: string;
  /** `f(x)` */
  readonly value: (x: Tensor, attributes: Attributes) => Tensor;
  /** `f'(x)`, from `x` or, where the gradient has no name, from `y = f(x)`. At a kink: what PyTorch takes. */
  readonly slope: (x: Tensor, attributes: Attributes, y: Tensor) => Tensor;
}

/** Makes an op that maps every number by itself and keeps the shape: one step on the tape, whatever `f` is made of. */
export function defineElementwise<Attributes extends object = object>(
  definition: ElementwiseDefinition<Attributes>,
): <X extends Tensor>(x: X, attributes: Attributes) => X {
  const { name, gradientName, value, slope } = definition;
  const backward =
    gradientName === undefined
      ? null
      : defineOp<{ x: Tensor; dy: Tensor }, Attributes, Tensor>({
          name: gradientName,
          inputs: ["x", "dy"],
          reference: ({ x, dy }, attributes) => mul(dy, slope(x, attributes, x)),
          gradient: "reference",
        });
  const op = defineOp<{ x: Tensor }, Attributes, Tensor>({
    name,
    inputs: ["x"],
    reference: ({ x }, attributes) => value(x, attributes),
    gradient: (dy, { x }, attributes, y) => ({
      x: () => backward?.({ x, dy }, attributes) ?? mul(dy, slope(x, attributes, y)),
    }),
  });
  return <X extends Tensor>(x: X, attributes: Attributes) => op({ x }, attributes) as X;
}
