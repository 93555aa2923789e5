import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { SetupError } from "./setup-error.ts";

/** A file in a wheel. */
export interface WheelEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Its size in bytes once it is unpacked. */
  readonly size: number;
}

/** A wheel on disk, open for reading. Wheels are zip archives. */
export class WheelArchive {
  readonly entries: readonly WheelEntry[];
  readonly #file: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file;
    this.#zip = zip;
    this.#entries = entries;
    this.entries = Array.from(entries.values(), ({ fileName, uncompressedSize }) => ({
      name: fileName,
      size: uncompressedSize,
    }));
  }

  /**
   * Opens a wheel and reads its directory.
   *
   * @throws SetupError if it is not a zip archive, is cut off, or has a file outside of its folder, two of one name, or one that is larger
   *   than its compressed bytes can be
   */
  static async open(file: string): Promise<WheelArchive> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        check(entry, zip.fileSize, entries);
        if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
      }
      return new WheelArchive(file, zip, entries);
    } catch (cause) {
      zip?.close();
      throw new SetupError(`${file} is not a wheel that can be unpacked: ${messageOf(cause)}`, { cause });
    }
  }

  /**
   * Unpacks a file into `folder`, under its path in the archive or the path `to`, and compares its checksum (CRC-32).
   *
   * @param onBytes is called with the size of each part that is written
   * @returns the path of the file
   * @throws SetupError if the path leads out of `folder`, or the bytes are not those that the archive's directory describes; then no
   *   file stays
   */
  async extract(
    name: string,
    folder: string,
    { to = name, onBytes = () => {} }: { to?: string; onBytes?: (bytes: number) => void } = {},
  ): Promise<string> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new SetupError(`${this.#file} has no file ${name}.`);
    const path = resolve(folder, to);
    if (!path.startsWith(resolve(folder) + sep))
      throw new SetupError(`${this.#file}: the path ${to} leads out of ${folder}.`);
    const part = `${path}.part`;
    let checksum = 0;
    const watch = async function* (parts: AsyncIterable<Buffer>) {
      for await (const bytes of parts) {
        checksum = crc32(bytes, checksum);
        onBytes(bytes.length);
        yield bytes;
      }
    };
    try {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await this.#zip.openReadStreamPromise(entry), watch, createWriteStream(part));
      if (checksum !== entry.crc32)
        throw new Error(`its checksum is ${hex(checksum)}, expected ${hex(entry.crc32)}`);
      await rename(part, path);
    } catch (cause) {
      await rm(part, { force: true }).catch(() => {}); // the error below says more
      throw new SetupError(
        `${this.#file}: ${name} cannot be unpacked: ${messageOf(cause)}. Download the wheel again.`,
        {
          cause,
        },
      );
    }
    return path;
  }

  close(): void {
    this.#zip.close();
  }
}

/** The checks that yauzl leaves to its caller; it refuses absolute paths, `..` and backslashes itself. */
function check(entry: Entry, fileSize: number, known: ReadonlyMap<string, Entry>): void {
  const { fileName, compressedSize, uncompressedSize } = entry;
  if (known.has(fileName)) throw new Error(`it has two files ${fileName}`);
  if (fileName.includes("\0")) throw new Error(`the file name ${JSON.stringify(fileName)} contains a zero`);
  if (entry.isEncrypted()) throw new Error(`${fileName} is encrypted`);
  if (!entry.canDecodeFileData())
    throw new Error(`${fileName} is compressed by method ${entry.compressionMethod}, expected 0 or 8`);
  if (compressedSize > fileSize || uncompressedSize > compressedSize * deflateLimit)
    throw new Error(
      `${fileName} claims ${uncompressedSize} bytes from ${compressedSize} in a file of ${fileSize}`,
    );
}

/** The largest ratio of deflate: 258 bytes from 2 bits. */
const deflateLimit = 1032;

const hex = (checksum: number): string => checksum.toString(16).padStart(8, "0");

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
