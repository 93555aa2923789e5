import { type HostTensor, type StoredDtype, toHostTensor } from "@pellucid/core-train";
import type { MessageFields } from "./message-fields.ts";
import { OnnxError } from "./onnx-error.ts";

/** A tensor of a file. Integers are held in 32 bits, beyond which they are the nearest such number. */
export interface OnnxTensor extends HostTensor {
  readonly name: string;
  readonly dtype: OnnxDtype;
}

/** The dtypes that are distinguished; narrower floating-point numbers and integers are widened. */
export type OnnxDtype = "float32" | "int32" | "int64" | "bool";

/** Bytes outside of the model's file, by the names that it has for them. */
export type ExternalData = (location: string) => Uint8Array | null;

interface StoredAs {
  readonly dtype: OnnxDtype;
  readonly stored: StoredDtype;
  readonly width: number;
}

const formats: ReadonlyMap<number, StoredAs> = new Map([
  [1, { dtype: "float32", stored: "F32", width: 4 }],
  [2, { dtype: "int32", stored: "U8", width: 1 }],
  [3, { dtype: "int32", stored: "I8", width: 1 }],
  [4, { dtype: "int32", stored: "U16", width: 2 }],
  [5, { dtype: "int32", stored: "I16", width: 2 }],
  [6, { dtype: "int32", stored: "I32", width: 4 }],
  [7, { dtype: "int64", stored: "I64", width: 8 }],
  [9, { dtype: "bool", stored: "BOOL", width: 1 }],
  [10, { dtype: "float32", stored: "F16", width: 2 }],
  [11, { dtype: "float32", stored: "F64", width: 8 }],
  [12, { dtype: "int32", stored: "U32", width: 4 }],
  [13, { dtype: "int64", stored: "U64", width: 8 }],
  [16, { dtype: "float32", stored: "BF16", width: 2 }],
]);

/** The dtype for ONNX's number of one; `null` for texts, complex numbers and other ones that are not read. */
export function dtypeOf(code: number): OnnxDtype | null {
  return formats.get(code)?.dtype ?? null;
}

/**
 * Reads `TensorProto`.
 *
 * @throws {OnnxError} If its shape does not fit its bytes, or these are outside of the file and not there.
 */
export function readTensor(tensor: MessageFields, external: ExternalData): OnnxTensor {
  const name = tensor.text(8);
  const code = tensor.int(2) ?? 0;
  const format = formats.get(code);
  if (format === undefined)
    throw new OnnxError(`fromOnnx: ${name} has the dtype ${code}, which cannot be imported.`);
  const shape = tensor.ints(1);
  const count = shape.reduce((product, n) => product * n, 1);
  if (shape.some((n) => !(n >= 0 && n < 2 ** 31)) || count >= 2 ** 31)
    throw new OnnxError(
      `fromOnnx: ${name} is [${shape.join(", ")}], expected sizes from 0 and fewer than 2³¹ elements.`,
    );
  const bytes = bytesOf(tensor, name, format, external);
  if (bytes.length !== count * format.width)
    throw new OnnxError(
      `fromOnnx: ${name} is ${format.stored} [${shape.join(", ")}], which takes ${count * format.width} bytes, but has ${bytes.length}. Is the file complete?`,
    );
  return { name, dtype: format.dtype, shape, data: numbersOf(bytes, format.stored, shape, name) };
}

function bytesOf(
  tensor: MessageFields,
  name: string,
  { width }: StoredAs,
  external: ExternalData,
): Uint8Array {
  if (tensor.int(14) === 1) return externalBytes(tensor, name, external);
  const [raw] = tensor.bytes(9);
  if (raw !== undefined) return raw;
  const wide = [...tensor.bigInts(7), ...tensor.bigInts(11)];
  if (wide.length > 0) return new Uint8Array(BigInt64Array.from(wide).buffer);
  const narrow = tensor.ints(5);
  if (narrow.length > 0) {
    const numbers = Int32Array.from(narrow);
    if (width === 4) return new Uint8Array(numbers.buffer);
    return width === 2 ? new Uint8Array(Uint16Array.from(numbers).buffer) : Uint8Array.from(numbers);
  }
  return joined([...tensor.bytes(4), ...tensor.bytes(10)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function externalBytes(tensor: MessageFields, name: string, external: ExternalData): Uint8Array {
  const entries = new Map(tensor.messages(13).map((entry) => [entry.text(1), entry.text(2)]));
  const location = entries.get("location") ?? "";
  const file = external(location);
  if (file === null)
    throw new OnnxError(
      `fromOnnx: ${name} is in the file ${JSON.stringify(location)}, which was not given. Pass { model, externalData }.`,
    );
  const offset = Number(entries.get("offset") ?? 0);
  const length = Number(entries.get("length") ?? file.length - offset);
  const fits = [offset, length].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!fits || offset + length > file.length)
    throw new OnnxError(
      `fromOnnx: ${name} is at ${offset} with ${length} bytes of ${JSON.stringify(location)}, which has ${file.length}. Is the file complete?`,
    );
  return file.subarray(offset, offset + length);
}

function numbersOf(
  bytes: Uint8Array,
  dtype: StoredDtype,
  shape: readonly number[],
  name: string,
): HostTensor["data"] {
  if (dtype === "I64" || dtype === "U64") {
    const { buffer } = new Uint8Array(bytes);
    return Int32Array.from(dtype === "I64" ? new BigInt64Array(buffer) : new BigUint64Array(buffer), (n) =>
      Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number(n))),
    );
  }
  try {
    const { data } = toHostTensor({ dtype, shape, bytes }, name);
    return dtype === "U8" ? Int32Array.from(data) : data;
  } catch (cause) {
    throw new OnnxError(`fromOnnx: ${(cause as Error).message}`, { cause });
  }
}
