import { DatasetError } from "../dataset-error.ts";
import { concat } from "../concat.ts";

export interface GunzipOptions {
  /** The most bytes that may come out. Default: 64 for each that goes in, and 64 KiB. */
  readonly limit?: number;
  /** What the bytes are, for the error. Default: `gunzip`. */
  readonly name?: string;
}

/** Whether `bytes` begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip.
 *
 * A small file can unpack to gigabytes, so what comes out is bounded; no more than `limit` is ever held.
 *
 * @throws {@link DatasetError} with code `format` where the bytes are not gzip, are cut, or unpack to more than `limit`
 */
export async function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  const { limit = 64 * bytes.length + 65536, name = "gunzip" } = options;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
    for (const reader = stream.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.length;
      if (size <= limit) continue;
      await reader.cancel();
      throw new DatasetError(
        "format",
        `${name}: the ${bytes.length} bytes unpack to more than ${limit}. If they can be trusted, raise the limit.`,
      );
    }
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError("format", `${name}: the ${bytes.length} bytes are not gzip, or are cut.`, {
      cause: error,
    });
  }
  return concat(chunks);
}
