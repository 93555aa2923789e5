import { checkArguments, checkOptions } from "@pellucid/core-train";
import { concatBytes } from "@pellucid/core-train/download";
import { DatasetError } from "../dataset-error.ts";

/** Options for {@link readZip}. */
export interface ReadZipOptions {
  /** The most bytes that a file may unpack to. Default: 1 GiB. */
  readonly limit?: number;
  /** What the bytes are, for the error. Default: `readZip`. */
  readonly name?: string;
}

/**
 * The files in a zip archive, unpacked: stored or deflated ones, without encryption, of up to 4 GiB.
 *
 * @throws {@link DatasetError} with code `format` where the archive is not one, is cut, or has a path that leads out of its folder
 */
export async function readZip(
  bytes: Uint8Array,
  options: ReadZipOptions = {},
): Promise<Map<string, Uint8Array>> {
  checkArguments("readZip", { bytes: { bytes } });
  checkOptions("readZip", options, ["limit", "name"]);
  const { limit = 2 ** 30, name = "readZip" } = options;
  const fail = (message: string, cause?: unknown) =>
    new DatasetError("format", `${name}: ${message}`, { cause });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0)
    throw fail(`the ${bytes.length} bytes are not a zip archive, or are cut: its directory is missing.`);
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw fail(`entry ${i} of the directory is damaged.`);
    const [method, size, unpacked] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 24, true),
    ];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const local = view.getUint32(at + 42, true);
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + extra + comment;
    if (path.endsWith("/")) continue;
    if (/^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(path))
      throw fail(`${path} leads out of the archive's folder, expected a path below it.`);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== 0x04034b50)
      throw fail(`${path} does not start where the directory says.`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + size > bytes.length) throw fail(`the archive is cut in ${path}.`);
    if (unpacked > limit) throw fail(`${path} unpacks to ${unpacked} bytes, expected ${limit} at most.`);
    const packed = bytes.subarray(start, start + size);
    if (method !== 0 && method !== 8) throw fail(`${path} is packed by method ${method}, expected deflate.`);
    try {
      files.set(path, method === 0 ? packed : await inflate(packed, unpacked));
    } catch (cause) {
      throw fail(`${path} is damaged.`, cause);
    }
    if (files.get(path)?.length !== unpacked) throw fail(`${path} has other bytes than the directory says.`);
  }
  return files;
}

async function inflate(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  for (let held = 0; held <= size;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks);
    chunks.push(value);
    held += value.length;
  }
  await reader.cancel();
  return concatBytes(chunks);
}
