import { Tensor } from "@tensorflow/tfjs-core";
import { fieldsOf, withFields } from "./fields-of.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * A structure like `x` with each tensor replaced. Host values stay, and a class instance stays one of its class.
 *
 * @param replace gets the position of the tensor among the {@link leaves} too
 * @throws StructError where `x` holds a function, a `Map`, a `Set` or a promise
 */
export function mapLeaves<X>(x: X, replace: (leaf: Tensor, position: number) => Tensor): X {
  checkFunction("mapLeaves", "replace", replace);
  let position = 0;
  const map = (part: unknown, name: string): unknown => {
    if (part instanceof Tensor) return replace(part, position++);
    const fields = fieldsOf(part, name);
    if (fields === null) return part;
    return withFields(
      part,
      fields.map(([key, field]) => [key, map(field, `${name}.${key}`)]),
    );
  };
  return map(x, "structure") as X;
}
