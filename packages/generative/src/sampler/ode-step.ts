import { checkArguments, checkChoice } from "@pellucid/core-train";

/** A method for ordinary differential equations, of order 1, 2, 2 and 4. */
export type OdeMethod = "euler" | "midpoint" | "heun" | "rk4";

/** The derivative of `x` at a time. */
export type Field<V> = (x: V, time: number) => V;

/** The sum of values times their weights. */
export type Combine<V> = (...terms: readonly (readonly [weight: number, value: V])[]) => V;

/** Throws an `OptionError` unless it is an {@link OdeMethod}. */
export function checkOdeMethod(caller: string, method: OdeMethod): void {
  checkChoice(caller, "method", method, ["euler", "midpoint", "heun", "rk4"]);
}

/**
 * One step of `dx/dt = field(x, t)` from one time to another, forward or backward.
 *
 * @throws {OptionError} For an unknown method.
 * @throws {StructError} For a field that is not a function, or a time that is not a number.
 */
export function odeStep<V>(
  method: OdeMethod,
  field: Field<V>,
  combine: Combine<V>,
  x: V,
  from: number,
  to: number,
): V {
  checkOdeMethod("odeStep", method);
  checkArguments("odeStep", { function: { field, combine }, number: { from, to } });
  const h = to - from;
  const k1 = field(x, from);
  if (method === "euler") return combine([1, x], [h, k1]);
  if (method === "midpoint") return combine([1, x], [h, field(combine([1, x], [h / 2, k1]), from + h / 2)]);
  if (method === "heun") return combine([1, x], [h / 2, k1], [h / 2, field(combine([1, x], [h, k1]), to)]);
  const k2 = field(combine([1, x], [h / 2, k1]), from + h / 2);
  const k3 = field(combine([1, x], [h / 2, k2]), from + h / 2);
  const k4 = field(combine([1, x], [h, k3]), to);
  return combine([1, x], [h / 6, k1], [h / 3, k2], [h / 3, k3], [h / 6, k4]);
}
