import { mul, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp, type Op } from "./define-op.ts";
import { checkRecord } from "../check-record.ts";

/** How an op maps one number to one number. */
export interface ElementwiseDefinition<
  Name extends string,
  GradientName extends string,
  Attributes extends object,
> {
  /** The name under which a backend's kernel is registered. */
  readonly name: Name;
  /** The name under which a backend's kernel of the gradient, `dy f'(x)`, is registered. Default: it is always composed. */
  readonly gradientName?: GradientName;
  /** The function that users call, which errors name. Default: the name in camelCase, without `Pellucid`. */
  readonly caller?: string;
  /** `f(x)` */
  readonly value: (x: Tensor, attributes: Attributes) => Tensor;
  /** `f'(x)`, from `x` or, where the gradient has no name, from `y = f(x)`. At a kink: what PyTorch takes. */
  readonly derivative: (x: Tensor, attributes: Attributes, y: Tensor) => Tensor;
}

/** An op that maps each number by itself, of any shape. */
export interface ElementwiseOp<
  Name extends string = string,
  GradientName extends string = string,
  Attributes extends object = object,
> {
  <X extends Tensor>(x: X, attributes: Attributes): X;
  /** `f(x)` */
  readonly forward: Op<Name, { readonly x: "float32" }, Attributes, Tensor>;
  /** `dy f'(x)`; `null` where it has no name, and so no kernel. */
  readonly backward: string extends GradientName
    ? null
    : Op<GradientName, { readonly x: "float32"; readonly dy: "float32" }, Attributes, Tensor>;
}

/**
 * Makes an op that maps every number by itself and keeps the shape: one step on the tape, whatever `f` is made of.
 *
 * @throws {DtypeError} From the op, for an `x` that is not float32.
 */
export function defineElementwise<
  const Name extends string,
  const GradientName extends string,
  Attributes extends object,
>(
  definition: ElementwiseDefinition<Name, GradientName, Attributes>,
): ElementwiseOp<Name, GradientName, Attributes> {
  checkRecord("defineElementwise", "the definition", definition, ["name", "value", "derivative"]);
  const { name, gradientName, caller, value, derivative } = definition;
  const named = caller === undefined ? {} : { caller };
  const backward =
    gradientName === undefined
      ? null
      : defineOp({
          name: gradientName,
          ...named,
          inputs: { x: "float32", dy: "float32" },
          reference: ({ x, dy }, attributes: Attributes) => mul(dy, derivative(x, attributes, x)),
          gradient: "reference",
        });
  const forward = defineOp({
    name,
    ...named,
    inputs: { x: "float32" },
    reference: ({ x }, attributes: Attributes) => value(x, attributes),
    gradient: (dy, { x }, attributes, y) => ({
      x: () => backward?.({ x, dy }, attributes) ?? mul(dy, derivative(x, attributes, y)),
    }),
  });
  const op = <X extends Tensor>(x: X, attributes: Attributes) => forward({ x }, attributes) as X;
  return Object.assign(op, {
    forward,
    backward: backward as ElementwiseOp<Name, GradientName, Attributes>["backward"],
  });
}
