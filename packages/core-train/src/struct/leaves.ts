import { Tensor } from "@tensorflow/tfjs-core";
import { fieldsOf } from "./fields-of.ts";

/**
 * The tensors of a structure, in the order of its fields; host values are left out.
 *
 * @param name of `x`, for the error. Default: `structure`
 * @throws StructError where `x` holds a function, a `Map`, a `Set` or a promise
 */
export function leaves(x: unknown, name = "structure"): Tensor[] {
  if (x instanceof Tensor) return [x];
  return (fieldsOf(x, name) ?? []).flatMap(([key, field]) => leaves(field, `${name}.${key}`));
}
