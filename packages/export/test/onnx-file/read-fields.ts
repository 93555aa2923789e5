import { OnnxFileError } from "./onnx-file-error.ts";

/** A field of a message in the wire format of Protocol Buffers: an integer, or bytes (of a text, a message, a number of 32 or 64 bits). */
export type Field =
  | { readonly field: number; readonly int: bigint }
  | { readonly field: number; readonly bytes: Uint8Array };

/**
 * Reads the fields of a message.
 *
 * @throws {OnnxFileError} If it ends within one, or is not in this format.
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new OnnxFileError("the file ends within a number. Is it complete?");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new OnnxFileError("a number has more than 64 bits. Is it an ONNX file?");
  };
  const bytes = (length: number): Uint8Array => {
    const end = at + length;
    if (end > message.length)
      throw new OnnxFileError(
        `a field has ${length} bytes, but only ${message.length - at} are left. Is the file complete?`,
      );
    const found = message.subarray(at, end);
    at = end;
    return found;
  };
  while (at < message.length) {
    const key = varint();
    const [field, wire] = [Number(key >> 3n), Number(key & 7n)];
    if (field === 0) throw new OnnxFileError("a field has the number 0. Is it an ONNX file?");
    if (wire === 0) yield { field, int: varint() };
    else if (wire === 1) yield { field, bytes: bytes(8) };
    else if (wire === 2) yield { field, bytes: bytes(Number(varint())) };
    else if (wire === 5) yield { field, bytes: bytes(4) };
    else throw new OnnxFileError(`a field is of type ${wire}, expected 0, 1, 2 or 5. Is it an ONNX file?`);
  }
}
