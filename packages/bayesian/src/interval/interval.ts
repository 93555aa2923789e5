import { checkArguments, checkShape, OptionError } from "@pellucid/core-train";
import { add, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** Numbers of which only bounds are known. A structure: `fit` and `Sequential` take it. */
export type Interval<X extends Tensor = Tensor> = {
  readonly lower: X;
  /** Of the shape of `lower`, and nowhere below it. */
  readonly upper: X;
};

/** All numbers within `radius` of `x`. */
export function intervalAround<X extends Tensor>(x: X, radius: number): Interval<X> {
  checkArguments("intervalAround", { tensor: { x }, number: { radius } });
  if (!(radius >= 0 && radius < Infinity))
    throw new OptionError("intervalAround", "radius", radius, "a number of 0 or more");
  return tidy(() => ({ lower: sub(x, radius) as X, upper: add(x, radius) as X }));
}

/** Throws a ShapeError unless both bounds have a shape. */
export function checkInterval(
  caller: string,
  { lower, upper }: Interval,
  shape: readonly (number | string)[],
): void {
  checkShape(caller, "lower", lower, shape);
  checkShape(caller, "upper", upper, lower.shape);
}
