import type { HostTensor } from "../host-tensor.ts";
import { fieldsOf, withFields } from "../struct/fields-of.ts";
import { isHostTensor } from "./host-batch.ts";

/**
 * A list or record like `x` with each `{ data, shape }` replaced; all else stays.
 *
 * @param replace gets the name of the tensor too: `x.image`
 * @throws StructError where `x` holds a function, a `Map`, a `Set` or a promise
 */
export function mapHostTensors(
  x: unknown,
  replace: (tensor: HostTensor, name: string) => unknown,
  name = "",
): unknown {
  if (isHostTensor(x)) return replace(x, name);
  const fields = fieldsOf(x, name);
  if (fields === null) return x;
  return withFields(
    x,
    fields.map(([key, field]) => [key, mapHostTensors(field, replace, name === "" ? key : `${name}.${key}`)]),
  );
}
