import { OnnxError } from "./onnx-error.ts";

/** A field of a message in the wire format of Protocol Buffers: an integer, or bytes (of a text, a message, a number of 32 or 64 bits). */
export type Field =
  | { readonly field: number; readonly int: bigint }
  | { readonly field: number; readonly bytes: Uint8Array };

/**
 * Reads the fields of a message.
 *
 * @throws {OnnxError} If it ends within one, or is not in this format.
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    const read = readVarint(message, at);
    at = read.next;
    return read.value;
  };
  const bytes = (length: number): Uint8Array => {
    const end = at + length;
    if (end > message.length)
      throw new OnnxError(
        `fromOnnx: a field has ${length} bytes, but only ${message.length - at} are left. Is the file complete?`,
      );
    const found = message.subarray(at, end);
    at = end;
    return found;
  };
  while (at < message.length) {
    const key = varint();
    const [field, wire] = [Number(key >> 3n), Number(key & 7n)];
    if (field === 0) throw new OnnxError("fromOnnx: a field has the number 0. Is it an ONNX file?");
    if (wire === 0) yield { field, int: varint() };
    else if (wire === 1) yield { field, bytes: bytes(8) };
    else if (wire === 2) yield { field, bytes: bytes(Number(varint())) };
    else if (wire === 5) yield { field, bytes: bytes(4) };
    else
      throw new OnnxError(`fromOnnx: a field is of type ${wire}, expected 0, 1, 2 or 5. Is it an ONNX file?`);
  }
}

/** Reads integers one after the other, as newer writers have them. */
export function* readPacked(bytes: Uint8Array): Generator<bigint> {
  for (let at = 0; at < bytes.length;) {
    const { value, next } = readVarint(bytes, at);
    yield value;
    at = next;
  }
}

function readVarint(message: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n;
  let at = start;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = message[at++];
    if (byte === undefined) throw new OnnxError("fromOnnx: the file ends within a number. Is it complete?");
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: at };
  }
  throw new OnnxError("fromOnnx: a number has more than 64 bits. Is it an ONNX file?");
}
