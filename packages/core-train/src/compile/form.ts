import { Tensor } from "@tensorflow/tfjs-core";
import { fieldsOf, isRecord, withFields } from "../struct/fields-of.ts";

/**
 * Whether `value` has the form that a step was recorded with: tensors of the same shapes and dtypes, and the same values of the host.
 *
 * @param tensors receives the tensors of `value`, in order
 */
export function hasForm(form: unknown, value: unknown, tensors: Tensor[]): boolean {
  if (form instanceof Tensor) {
    if (!(value instanceof Tensor) || value.isDisposed || value.dtype !== form.dtype) return false;
    if (
      value.rank !== form.rank ||
      form.shape.some((size: number, axis: number) => size !== value.shape[axis])
    )
      return false;
    tensors.push(value);
    return true;
  }
  if (Object.is(form, value)) return true;
  if (ArrayBuffer.isView(form)) return ArrayBuffer.isView(value) && haveSameBytes(form, value);
  if (Array.isArray(form))
    return (
      Array.isArray(value) &&
      form.length === value.length &&
      form.every((field, i) => hasForm(field, value[i], tensors))
    );
  if (!isRecord(form) || !isRecord(value) || Object.getPrototypeOf(form) !== Object.getPrototypeOf(value))
    return false;
  const [names, others] = [Object.keys(form), Object.keys(value)];
  return (
    names.length === others.length &&
    names.every((name, i) => name === others[i] && hasForm(form[name], value[name], tensors))
  );
}

/** A structure like `x`, promises included, with each tensor and promise replaced. */
export function mapForm(x: unknown, replace: (leaf: Tensor | Promise<unknown>) => unknown): unknown {
  if (x instanceof Tensor || x instanceof Promise) return replace(x);
  const fields = fieldsOf(x, "structure");
  if (fields === null) return x;
  return withFields(
    x,
    fields.map(([name, field]) => [name, mapForm(field, replace)]),
  );
}

function haveSameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.constructor !== b.constructor || a.byteLength !== b.byteLength) return false;
  const [x, y] = [a, b].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return (x as Uint8Array).every((byte, i) => byte === (y as Uint8Array)[i]);
}
