import type { HostTensor } from "../host-tensor.ts";
import { SafetensorsError } from "./safetensors-error.ts";
import { checkHostTensor } from "../check-host-tensor.ts";
import { checkChoice } from "../check-values.ts";
import { checkRecord } from "../check-record.ts";

/** The bytes that a number takes, by format, in the order in which PyTorch's writer puts tensors. */
export const numberBytes = {
  U64: 8,
  I64: 8,
  F64: 8,
  F32: 4,
  U32: 4,
  I32: 4,
  BF16: 2,
  F16: 2,
  U16: 2,
  I16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** A number format of a safetensors file. */
export type StoredDtype = keyof typeof numberBytes;

/** A tensor as a safetensors file holds it. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** The numbers, row-major, little-endian. */
  readonly bytes: Uint8Array;
}

/**
 * The numbers of a stored tensor. `F32`, `F16`, `BF16` and `F8` are read exactly, `F64` is rounded to the nearest 32-bit number, all
 * integers become 32-bit ones, and `U8` and `BOOL` stay bytes.
 *
 * @param name what the tensor is called in errors
 * @throws {SafetensorsError} a number that 32 bits cannot hold
 */
export function toHostTensor(stored: StoredTensor, name: string): HostTensor {
  checkRecord("toHostTensor", name, stored, ["dtype", "shape", "bytes"]);
  checkChoice(name, "dtype", stored.dtype, Object.keys(read) as [string]);
  return { data: read[stored.dtype](stored.bytes, name), shape: stored.shape };
}

/** Stores numbers without changing them: as `F32`, `I32` or `U8`. */
export function toStoredTensor(tensor: HostTensor): StoredTensor {
  checkHostTensor("toStoredTensor", "tensor", tensor);
  const { data, shape } = tensor;
  const dtype = data instanceof Float32Array ? "F32" : data instanceof Int32Array ? "I32" : "U8";
  return { dtype, shape, bytes: bytesOf(data) };
}

/** Stores a model's numbers in the formats that PyTorch has them in: `F32`, `I64` or `BOOL`. */
export function toTorchTensor({ data, shape }: HostTensor): StoredTensor {
  if (data instanceof Float32Array) return toStoredTensor({ data, shape });
  if (data instanceof Uint8Array) return { dtype: "BOOL", shape, bytes: data };
  const halves = new Int32Array(2 * data.length);
  for (const [i, value] of data.entries()) {
    halves[2 * i] = value;
    halves[2 * i + 1] = value >> 31;
  }
  return { dtype: "I64", shape, bytes: bytesOf(halves) };
}

/** The bytes of numbers, not copied. Every platform that JavaScript runs on is little-endian, like the format. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const read: Record<StoredDtype, (bytes: Uint8Array, name: string) => HostTensor["data"]> = {
  U64: (bytes, name) => narrowed("U64", bytes, name, (low, high) => high === 0 && low >= 0),
  I64: (bytes, name) => narrowed("I64", bytes, name, (low, high) => high === low >> 31),
  F64: (bytes, name) => rounded(new Float64Array(aligned(bytes)), name),
  F32: (bytes) => new Float32Array(aligned(bytes)),
  U32: (bytes, name) => unsigned(new Int32Array(aligned(bytes)), name),
  I32: (bytes) => new Int32Array(aligned(bytes)),
  BF16: (bytes) => brainFloat(new Uint16Array(aligned(bytes))),
  F16: (bytes) => halfPrecision(new Uint16Array(aligned(bytes))),
  U16: (bytes) => new Int32Array(new Uint16Array(aligned(bytes))),
  I16: (bytes) => new Int32Array(new Int16Array(aligned(bytes))),
  F8_E4M3: (bytes) => Float32Array.from(bytes, eightBits),
  F8_E5M2: (bytes) => halfPrecision(Uint16Array.from(bytes, (byte) => byte << 8)),
  I8: (bytes) => new Int32Array(new Int8Array(aligned(bytes))),
  U8: (bytes) => new Uint8Array(bytes),
  BOOL: (bytes, name) => zerosAndOnes(bytes, name),
};

/** A copy that starts where a typed array may start; tensors of a file lie anywhere. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function narrowed(
  dtype: StoredDtype,
  bytes: Uint8Array,
  name: string,
  fits: (low: number, high: number) => boolean,
): Int32Array {
  const halves = new Int32Array(aligned(bytes));
  const result = new Int32Array(halves.length / 2);
  for (let i = 0; i < result.length; i++) {
    const low = halves[2 * i] as number;
    if (!fits(low, halves[2 * i + 1] as number)) throw tooLarge(`${name}[${i}]`, dtype, "integer");
    result[i] = low;
  }
  return result;
}

function unsigned(values: Int32Array, name: string): Int32Array {
  const i = values.findIndex((value) => value < 0);
  if (i !== -1) throw tooLarge(`${name}[${i}]`, "U32", "integer");
  return values;
}

function rounded(values: Float64Array, name: string): Float32Array {
  const result = new Float32Array(values);
  const i = result.findIndex((value, at) => !Number.isFinite(value) && Number.isFinite(values[at]));
  if (i !== -1) throw tooLarge(`${name}[${i}]`, "F64", "floating-point number");
  return result;
}

function zerosAndOnes(bytes: Uint8Array, name: string): Uint8Array {
  const i = bytes.findIndex((byte) => byte > 1);
  if (i !== -1) throw new SafetensorsError(`${name}[${i}] is ${bytes[i]}, expected a BOOL, 0 or 1.`);
  return new Uint8Array(bytes);
}

/** The upper half of a 32-bit number. */
function brainFloat(upper: Uint16Array): Float32Array {
  const bits = new Uint32Array(upper.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (upper[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** `(-1)^sign · 2^(exponent - 15) · 1.fraction`, IEEE 754 */
function halfPrecision(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  for (let i = 0; i < result.length; i++) {
    const bits = halves[i] ?? 0;
    const sign = bits >> 15 === 0 ? 1 : -1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    if (exponent === 0) result[i] = sign * fraction * 2 ** -14;
    else if (exponent === 31) result[i] = fraction === 0 ? sign * Infinity : NaN;
    else result[i] = sign * (1 + fraction) * 2 ** (exponent - 15);
  }
  return result;
}

/** `(-1)^sign · 2^(exponent - 7) · 1.fraction`, with four bits of exponent, without infinities. https://arxiv.org/abs/2209.05433 */
function eightBits(bits: number): number {
  const sign = bits >> 7 === 0 ? 1 : -1;
  const exponent = (bits >> 3) & 15;
  const fraction = (bits & 7) / 8;
  if (exponent === 0) return sign * fraction * 2 ** -6;
  return exponent === 15 && fraction === 7 / 8 ? NaN : sign * (1 + fraction) * 2 ** (exponent - 7);
}

function tooLarge(where: string, dtype: StoredDtype, kind: string): SafetensorsError {
  return new SafetensorsError(`${where} is a ${dtype} that no 32-bit ${kind} can hold.`);
}
