import { found } from "../check-tensor.ts";
import { type HostData, type HostTensor, sizeOf } from "../host-tensor.ts";
import { isRecord } from "../struct/fields-of.ts";
import type { NumberArray } from "./batch-of.ts";
import { DataError } from "./data-error.ts";
import { type HostBatch, isHostTensor } from "./host-batch.ts";

/**
 * Collates items into a batch, on the host: numbers become `[batch]`, arrays of numbers `[batch, n]`, `{ data, shape }`
 * `[batch, …shape]`, strings a list. Records, instances of classes and other arrays are collated field by field, into records and lists.
 * Integers become int32; a typed array and `{ data, shape }` keep their type.
 *
 * PyTorch's `default_collate`, except that an array of numbers is one vector, and that a bare number must be finite: a label
 * that is NaN is found here rather than in the loss.
 *
 * @param indices of the items in the dataset, for the errors. Default: 0, 1, …
 * @throws DataError where items do not fit together
 */
export function collate(items: readonly unknown[], indices?: ArrayLike<number>): HostBatch {
  if (!Array.isArray(items))
    throw new DataError(`collate: the items are ${found(items)}, expected an array.`);
  if (items.length === 0) throw new DataError("collate: there are no items.");
  return collateField(items, "", indices ?? [...items.keys()]);
}

function collateField(values: readonly unknown[], name: string, indices: ArrayLike<number>): HostBatch {
  const [first] = values;
  const complain = (i: number, found: string, expected: string) =>
    new DataError(
      `collate: ${name === "" ? "" : `${name} of `}item ${indices[i]} is ${found}, expected ${expected}.`,
      { item: indices[i] as number },
    );
  const kind = kindOf(first);
  if (kind === "nothing") throw complain(0, describe(first), EXPECTED);
  const other = values.findIndex((value) => kindOf(value) !== kind);
  if (other !== -1)
    throw complain(other, describe(values[other]), `${describe(first)} as in item ${indices[0]}`);
  switch (kind) {
    case "number":
      return numbers(values as number[], (i) =>
        complain(i, String(values[i]), "a finite number that 32 bits hold"),
      );
    case "string":
      return values as string[];
    case "array":
      return stack((values as (NumberArray | readonly number[])[]).map(toHostTensor), complain, indices);
    case "tensor":
      return stack(values as HostTensor[], complain, indices);
    case "tuple": {
      const tuples = values as unknown[][];
      const length = (first as unknown[]).length;
      const odd = tuples.findIndex((tuple) => tuple.length !== length);
      if (odd !== -1)
        throw complain(odd, `a list of ${tuples[odd]?.length}`, `${length} as in item ${indices[0]}`);
      return Array.from({ length }, (_, field) => {
        const fields = tuples.map((tuple) => tuple[field]);
        return collateField(fields, fieldName(name, String(field)), indices);
      });
    }
    case "record": {
      const records = values as Record<string, unknown>[];
      const collated = Object.keys(first as object).map((field) => {
        const fields = records.map((record) => record[field]);
        return [field, collateField(fields, fieldName(name, field), indices)] as const;
      });
      return Object.fromEntries(collated);
    }
  }
}

const EXPECTED = "a number, a string, an array of numbers, { data, shape }, or a record or list of such";

type Kind = "number" | "string" | "array" | "tensor" | "tuple" | "record" | "nothing";

function kindOf(value: unknown): Kind {
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "string";
  if (typeof value !== "object" || value === null) return "nothing";
  if (isHostTensor(value)) return "tensor";
  if (ArrayBuffer.isView(value))
    return value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array
      ? "nothing"
      : "array";
  if (!Array.isArray(value)) return isRecord(value) ? "record" : "nothing";
  return value.every((entry) => typeof entry === "number") ? "array" : "tuple";
}

function describe(value: unknown): string {
  switch (kindOf(value)) {
    case "number":
      return `the number ${String(value)}`;
    case "string":
      return "a string";
    case "array":
      return `an array of ${(value as NumberArray).length} numbers`;
    case "tensor":
      return `[${(value as HostTensor).shape.join(", ")}]`;
    case "tuple":
      return `a list of ${(value as unknown[]).length}`;
    case "record":
      return "a record";
    case "nothing":
      return typeof value === "object" && value !== null ? `a ${value.constructor.name}` : String(value);
  }
}

function fieldName(of: string, field: string): string {
  return of === "" ? field : `${of}.${field}`;
}

function numbers(values: readonly number[], complain: (i: number) => DataError): HostTensor {
  const wrong = values.findIndex(
    (value) => !Number.isFinite(value) || Math.abs(Math.fround(value)) === Infinity,
  );
  if (wrong !== -1) throw complain(wrong);
  const tooLarge = values.findIndex((value) => Number.isInteger(value) && Math.abs(value) > 2 ** 31 - 1);
  if (values.every(Number.isInteger)) {
    if (tooLarge !== -1) throw complain(tooLarge);
    return { data: Int32Array.from(values), shape: [values.length] };
  }
  return { data: Float32Array.from(values), shape: [values.length] };
}

function toHostTensor(values: NumberArray | readonly number[]): HostTensor {
  return { data: toHostData(values), shape: [values.length] };
}

function toHostData(values: NumberArray | readonly number[]): HostData {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)
    return values;
  if (values instanceof Float64Array) return Float32Array.from(values);
  if (values instanceof Uint8ClampedArray) return Uint8Array.from(values);
  if (ArrayBuffer.isView(values)) return Int32Array.from(values);
  return values.every(Number.isInteger) ? Int32Array.from(values) : Float32Array.from(values);
}

function stack(
  tensors: readonly HostTensor[],
  complain: (i: number, found: string, expected: string) => DataError,
  indices: ArrayLike<number>,
): HostTensor {
  const { shape } = tensors[0] as HostTensor;
  const size = sizeOf(shape);
  const data = emptyFor(tensors, tensors.length * size);
  for (const [i, tensor] of tensors.entries()) {
    const same = tensor.shape.length === shape.length && tensor.shape.every((n, axis) => n === shape[axis]);
    if (!same)
      throw complain(
        i,
        `[${tensor.shape.join(", ")}]`,
        `[${shape.join(", ")}] as in item ${indices[0]}; pad them, or give a collate function`,
      );
    if (tensor.data.length !== size)
      throw complain(i, `${tensor.data.length} numbers`, `${size} for [${shape.join(", ")}]`);
    data.set(tensor.data, i * size);
  }
  return { data, shape: [tensors.length, ...shape] };
}

/** Floats if any are; bytes only if all are. */
function emptyFor(tensors: readonly HostTensor[], length: number): HostData {
  if (tensors.some(({ data }) => data instanceof Float32Array)) return new Float32Array(length);
  if (tensors.some(({ data }) => data instanceof Int32Array)) return new Int32Array(length);
  return new Uint8Array(length);
}
