import { checkArguments, checkOptions } from "@pellucid/core-train";
import { concatBytes } from "@pellucid/core-train/download";
import { DatasetError } from "../dataset-error.ts";

/** Options for {@link gunzip}. */
export interface GunzipOptions {
  /** The most bytes that may come out. Default: 64 for each that goes in, and 64 KiB. */
  readonly limit?: number;
  /** What the bytes are, for the error. Default: `gunzip`. */
  readonly name?: string;
}

/** So many bytes are decompressed at a time, which bounds what is held beyond `limit`. */
const CHUNK = 65_536;

/** How many positions that only look like the start of a member are tried. By chance, one comes in 16 MB. */
const ATTEMPTS = 64;

/** Whether `bytes` begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip, of one member or of several after each other, as `gzip -d` does.
 *
 * A small file can unpack to gigabytes, so what comes out is bounded; no more than `limit` is ever held.
 *
 * @throws {@link DatasetError} with code `format` where the bytes are not gzip, are cut, or unpack to more than `limit`
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  checkArguments("gunzip", { bytes: { bytes } });
  checkOptions("gunzip", options, ["limit", "name"]);
  const { limit = 64 * bytes.length + 65536, name = "gunzip" } = options;
  if (typeof DecompressionStream === "undefined")
    throw new DatasetError(
      "format",
      `${name}: this environment has no DecompressionStream, which Node and browsers have.`,
    );
  const members: Uint8Array[] = [];
  let size = 0;
  let attempts = 0;
  let cause: unknown;
  for (let start = 0; start < bytes.length || start === 0;) {
    let unpacked: Uint8Array | null = null;
    let end = start;
    while (unpacked === null && end < bytes.length && attempts <= ATTEMPTS) {
      end = nextMember(bytes, end + 1);
      try {
        unpacked = await unpackMember(bytes.subarray(start, end), limit - size);
      } catch (error) {
        cause = error; // no member ends here
        attempts++;
      }
    }
    if (unpacked === null)
      throw new DatasetError("format", `${name}: the ${bytes.length} bytes are not gzip, or are cut.`, {
        cause,
      });
    size += unpacked.length;
    if (size > limit)
      throw new DatasetError(
        "format",
        `${name}: the ${bytes.length} bytes unpack to more than ${limit}. If they can be trusted, raise the limit.`,
      );
    members.push(unpacked);
    start = end;
  }
  return concatBytes(members);
}

/** The next position from `at` on where a member may start: its first bytes and method, and no reserved flag. Or the end. */
function nextMember(bytes: Uint8Array, at: number): number {
  for (let i = bytes.indexOf(0x1f, at); i !== -1; i = bytes.indexOf(0x1f, i + 1))
    if (bytes[i + 1] === 0x8b && bytes[i + 2] === 8 && (bytes[i + 3] ?? 255) < 32) return i;
  return bytes.length;
}

/** Unpacks one member, or its beginning where it is longer than `limit`. Its checksum tells whether it ends where `bytes` do. */
async function unpackMember(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  let at = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += CHUNK)));
      else controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= limit;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks);
    chunks.push(value);
    size += value.length;
  }
  await reader.cancel();
  return concatBytes(chunks);
}
