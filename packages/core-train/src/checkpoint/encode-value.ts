import { Tensor } from "@tensorflow/tfjs-core";
import { numberBytes, type StoredDtype, type StoredTensor } from "../weights/stored-tensor.ts";
import { CheckpointError } from "./checkpoint-error.ts";

/** Arrays of numbers that a checkpoint keeps bit for bit, by the name of their class, and the format they are stored in. */
export const storedAs = {
  Float32Array: "F32",
  Float64Array: "F64",
  Int8Array: "I8",
  Int16Array: "I16",
  Int32Array: "I32",
  Uint8Array: "U8",
  Uint16Array: "U16",
  Uint32Array: "U32",
  BigInt64Array: "I64",
  BigUint64Array: "U64",
} as const;

/** What is stored apart from the JSON, by name: tensors, which are still to be read, and typed arrays, which are copied. */
export type Leaves = Map<string, Tensor | StoredTensor>;

/** Deeper than any state; a value that holds itself is deeper than this. */
export const maxDepth = 100;

/**
 * A value as JSON that {@link decodeValue} turns back into the same value, to the last bit. Tensors and typed arrays go into
 * `leaves` under their path; what JSON lacks becomes a record with the key `$`.
 */
export function encodeValue(value: unknown, path: string, leaves: Leaves, depth = 0): unknown {
  if (depth > maxDepth)
    throw new CheckpointError(`saveCheckpoint: ${path.slice(0, 80)}… is too deep, or holds itself.`);
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $: "number", value: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value === null || ["boolean", "string", "number"].includes(typeof value)) return value;
  if (typeof value === "bigint") return { $: "bigint", value: String(value) };
  if (value === undefined) return { $: "undefined" };
  if (value instanceof Tensor && isKept(value)) return apart("tensor", value, path, leaves);
  if (ArrayBuffer.isView(value)) {
    const kind = value.constructor.name;
    if (Object.hasOwn(storedAs, kind)) {
      const stored = copyOf(value, storedAs[kind as keyof typeof storedAs]);
      return apart(kind, stored, path, leaves);
    }
  }
  const inner = (key: string | number, item: unknown): unknown =>
    encodeValue(item, `${path}.${key}`, leaves, depth + 1);
  if (Array.isArray(value)) return Array.from(value, (item, i) => inner(i, item));
  if (!isPlain(value)) {
    throw new CheckpointError(
      `saveCheckpoint: ${path} is ${describe(value)}, expected tensors, numbers, texts, and arrays and records of them.`,
    );
  }
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, inner(key, item)]);
  return "$" in value ? { $: "record", entries } : Object.fromEntries(entries);
}

function isKept({ dtype }: Tensor): boolean {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}

function copyOf({ buffer, byteOffset, byteLength }: ArrayBufferView, dtype: StoredDtype): StoredTensor {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  return { dtype, shape: [byteLength / numberBytes[dtype]], bytes };
}

function apart(kind: string, leaf: Tensor | StoredTensor, path: string, leaves: Leaves): unknown {
  let name = path;
  for (let i = 2; leaves.has(name); i++) name = `${path}#${i}`; // "a.b" may be one key or two
  leaves.set(name, leaf);
  return { $: kind, name };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (value instanceof Tensor) return `a tensor of ${value.dtype}`;
  return typeof value === "object" ? `a ${value?.constructor.name}` : `a ${typeof value}`;
}
