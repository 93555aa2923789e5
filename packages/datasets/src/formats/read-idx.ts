import { checkArguments } from "@pellucid/core-train";
import type { HostData, HostTensor } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";

/** How each type of number is read: its bytes, and the array that holds it exactly (64-bit floats are rounded to 32). */
const TYPES: Readonly<Record<number, { size: number; read: (view: DataView, length: number) => HostData }>> =
  {
    0x08: { size: 1, read: (view, length) => new Uint8Array(view.buffer, view.byteOffset, length).slice() },
    0x09: { size: 1, read: (view, length) => Int32Array.from({ length }, (_, i) => view.getInt8(i)) },
    0x0b: { size: 2, read: (view, length) => Int32Array.from({ length }, (_, i) => view.getInt16(2 * i)) },
    0x0c: { size: 4, read: (view, length) => Int32Array.from({ length }, (_, i) => view.getInt32(4 * i)) },
    0x0d: {
      size: 4,
      read: (view, length) => Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i)),
    },
    0x0e: {
      size: 8,
      read: (view, length) => Float32Array.from({ length }, (_, i) => view.getFloat64(8 * i)),
    },
  };

/**
 * Reads IDX, the format of MNIST: two zeros, the type of number, how many axes, the size of each, the numbers, big-endian.
 *
 * @param bytes the whole file; gzip is undone by `gunzip`
 * @param name what the bytes are, for the error
 * @throws {@link DatasetError} with code `format` where the bytes are anything else, or fewer or more than the sizes say
 */
export function readIdx(bytes: Uint8Array, name = "readIdx"): HostTensor {
  checkArguments("readIdx", { bytes: { bytes }, "text?": { name } });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (message: string) => new DatasetError("format", `${name}: ${message}`);
  if (bytes.length < 4 || view.getUint16(0) !== 0)
    throw fail(`the bytes are not IDX: they begin with ${hex(bytes)}.`);
  const type = TYPES[view.getUint8(2)];
  const rank = view.getUint8(3);
  if (type === undefined)
    throw fail(`the bytes are not IDX: ${hex(bytes.subarray(2, 3))} is not a type of number.`);
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw fail(`cut: ${bytes.length} bytes, and the header alone has ${header}.`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (header + size * type.size !== bytes.length)
    throw fail(
      `${bytes.length} bytes, expected ${header + size * type.size} for [${shape.join(", ")}]. Was the file cut?`,
    );
  return { data: type.read(new DataView(bytes.buffer, bytes.byteOffset + header), size), shape };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
