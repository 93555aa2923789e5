import { found } from "../check-tensor.ts";
import { foreignFormat } from "./foreign-format.ts";
import { readHeader, type TensorInfo } from "./read-header.ts";
import { SafetensorsError } from "./safetensors-error.ts";
import { numberBytes, type StoredDtype, type StoredTensor } from "./stored-tensor.ts";

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** What was written along with them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** More than this the reference reader refuses, too. */
const maxHeaderBytes = 100_000_000;

/**
 * Reads a safetensors file: `[size of the header, u64] [header, JSON] [numbers]`. The tensors are views of `file`: nothing
 * is copied, so no claim of a header decides how much memory is taken.
 *
 * Format: https://huggingface.co/docs/safetensors. What the reference reader refuses is refused.
 *
 * @throws {SafetensorsError} a cut, malformed or hostile file
 */
export function parseSafetensors(file: Uint8Array | ArrayBuffer): Safetensors {
  if (!ArrayBuffer.isView(file) && !isBuffer(file))
    throw new SafetensorsError(
      `parseSafetensors: the file is ${found(file)}, expected a Uint8Array or an ArrayBuffer.`,
    );
  const bytes = ArrayBuffer.isView(file)
    ? new Uint8Array(file.buffer, file.byteOffset, file.byteLength) // not a Buffer of Node, whose slice is a view
    : new Uint8Array(file);
  const size = headerSize(bytes);
  const { infos, metadata } = readHeader(decode(bytes.subarray(8, 8 + size)));
  const numbers = bytes.subarray(8 + size);
  const ranges = infos.map(rangeOf);
  checkOrder(ranges, numbers.length);
  const tensors = ranges.map(({ name, dtype, shape, start, end }) => {
    const stored: StoredTensor = { dtype, shape, bytes: numbers.subarray(start, end) };
    return [name, stored] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Also one of another realm. */
function isBuffer(file: unknown): boolean {
  return Object.prototype.toString.call(file) === "[object ArrayBuffer]";
}

function headerSize(bytes: Uint8Array): number {
  if (bytes.length < 8)
    throw refused(`the file has ${bytes.length} bytes, expected at least 8, the size of its header`);
  const other = foreignFormat(bytes);
  if (other !== null) throw refused(other);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const size = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  if (size > maxHeaderBytes)
    throw refused(`the header claims ${size} bytes, expected ${maxHeaderBytes} at most`);
  if (size > bytes.length - 8) {
    throw refused(
      `the header claims ${size} bytes, but ${bytes.length - 8} follow: the file is cut off or of another kind`,
    );
  }
  return size;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] !== "{".charCodeAt(0)) throw refused("the header does not begin with {");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused("the header is not UTF-8", { cause });
  }
}

/** Where a tensor's numbers lie. */
interface ByteRange {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function rangeOf({ name, dtype, shape, offsets }: TensorInfo): ByteRange {
  if (!isDtype(dtype)) {
    const known = Object.keys(numberBytes).join(", ");
    const advice = dtype === "C64" ? ". Complex numbers are stored as two tensors, real and imaginary" : "";
    throw refused(`${name} has dtype ${dtype}, expected one of ${known}${advice}`);
  }
  if (offsets.length !== 2)
    throw refused(`${name} has ${offsets.length} data_offsets, expected start and end`);
  const [start, end] = offsets as [number, number];
  const wanted = shape.reduce(times, 1) * numberBytes[dtype];
  if (end - start !== wanted) {
    throw refused(
      `${name} is ${dtype} [${shape.join(", ")}], ${wanted} bytes, but its range has ${end - start}`,
    );
  }
  return { name, dtype, shape, start, end };
}

/** Any hole or overlap could hide something; the format has none. */
function checkOrder(ranges: readonly ByteRange[], size: number): void {
  let at = 0;
  for (const { name, start, end } of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== at)
      throw refused(`${name} begins at byte ${start}, expected ${at}, where the one before it ends`);
    at = end;
  }
  if (at !== size)
    throw refused(
      `the tensors take ${at} bytes, but ${size} follow the header: the file is cut off or too long`,
    );
}

/** Beyond exact integers a product stays out of every file's reach, also times zero. */
function times(a: number, b: number): number {
  return Number.isSafeInteger(a * b) ? a * b : NaN;
}

function isDtype(name: string): name is StoredDtype {
  return Object.hasOwn(numberBytes, name);
}

function refused(why: string, options?: ErrorOptions): SafetensorsError {
  return new SafetensorsError(`parseSafetensors: ${why}.`, options);
}
