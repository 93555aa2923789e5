import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type StoredTensor, toHostTensor } from "../weights/stored-tensor.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { maxDepth, storedAs } from "./encode-value.ts";

/** The tensor formats of a checkpoint. */
const dtypes = { F32: "float32", I32: "int32", BOOL: "bool" } as const;

/** The value that {@link encodeValue} was given. Tensors in it are new, and put into `made`, too. */
export function decodeValue(
  json: unknown,
  path: string,
  stored: Readonly<Record<string, StoredTensor>>,
  made: Tensor[],
  depth = 0,
): unknown {
  if (depth > maxDepth) throw new CheckpointError(`loadCheckpoint: ${path.slice(0, 80)}… is too deep.`);
  if (typeof json !== "object" || json === null) return json;
  const inner = (key: string | number, item: unknown): unknown =>
    decodeValue(item, `${path}.${key}`, stored, made, depth + 1);
  if (Array.isArray(json)) return json.map((item, i) => inner(i, item));
  const { $: kind, value, name, entries } = json as Readonly<Record<string, unknown>>;
  if (kind === undefined) {
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, inner(key, item)]));
  }
  if (kind === "undefined") return undefined;
  if (kind === "number" && typeof value === "string") return Number(value);
  if (kind === "bigint" && typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (kind === "record" && isEntries(entries)) {
    return Object.fromEntries(entries.map(([key, item]) => [key, inner(key, item)]));
  }
  if (typeof name === "string" && Object.hasOwn(stored, name)) {
    const leaf = stored[name] as StoredTensor;
    if (kind === "tensor") return makeTensor(leaf, name, made);
    if (typeof kind === "string" && has(storedAs, kind) && storedAs[kind] === leaf.dtype) {
      return new globalThis[kind](new Uint8Array(leaf.bytes).buffer);
    }
  }
  throw new CheckpointError(`loadCheckpoint: ${path} is not what a checkpoint holds.`);
}

function makeTensor(leaf: StoredTensor, name: string, made: Tensor[]): Tensor {
  if (!has(dtypes, leaf.dtype))
    throw new CheckpointError(`loadCheckpoint: ${name} is ${leaf.dtype}, no tensor's format.`);
  const { data, shape } = toHostTensor(leaf, name);
  const result = tensor(data, [...shape], dtypes[leaf.dtype]);
  made.push(result);
  return result;
}

function has<T extends object>(record: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(record, key);
}

function isEntries(value: unknown): value is [key: string, item: unknown][] {
  return (
    Array.isArray(value) &&
    value.every((entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string")
  );
}
