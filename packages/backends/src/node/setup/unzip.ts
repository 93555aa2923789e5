import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { SetupError } from "./setup-error.ts";

/** A file inside of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Its bytes in the archive. */
  readonly compressed: number;
  readonly isDeflated: boolean;
  /** Where its own header begins. */
  readonly header: number;
}

/** The files of a zip archive, which Python's wheels are (APPNOTE 6.3, sections 4.3.12 and 4.3.16). */
export async function entriesOf(file: string): Promise<ZipEntry[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, 65_557));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(Buffer.from("PK\x05\x06"));
    if (end === -1) throw new SetupError(`${file} is no wheel: it is not a zip archive, or it is cut off.`);
    const [count, bytes, start] = [
      tail.readUInt16LE(end + 10),
      tail.readUInt32LE(end + 12),
      tail.readUInt32LE(end + 16),
    ];
    if (start === 0xffffffff || count === 0xffff) {
      throw new SetupError(`${file} is larger than 4 GB, which this does not read.`);
    }
    const directory = Buffer.alloc(bytes);
    await handle.read(directory, 0, bytes, start);
    const entries: ZipEntry[] = [];
    for (let at = 0; at < bytes;) {
      const [name, extra, comment] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ];
      entries.push({
        name: directory.toString("utf8", at + 46, at + 46 + name),
        size: directory.readUInt32LE(at + 24),
        compressed: directory.readUInt32LE(at + 20),
        isDeflated: directory.readUInt16LE(at + 10) === 8,
        header: directory.readUInt32LE(at + 42),
      });
      at += 46 + name + extra + comment;
    }
    return entries;
  } finally {
    await handle.close();
  }
}

/** Writes a file of an archive to `to`. `onBytes` hears of each part that is written. */
export async function extract(
  file: string,
  { header, compressed, isDeflated }: ZipEntry,
  to: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  const handle = await open(file);
  const local = Buffer.alloc(30);
  await handle.read(local, 0, 30, header);
  await handle.close();
  const start = header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  mkdirSync(dirname(to), { recursive: true });
  if (compressed === 0) {
    createWriteStream(to).end();
    return;
  }
  const source = createReadStream(file, { start, end: start + compressed - 1 });
  const target = createWriteStream(to);
  const count = async function* (parts: AsyncIterable<Buffer>) {
    for await (const part of parts) {
      onBytes(part.length);
      yield part;
    }
  };
  if (isDeflated) await pipeline(source, createInflateRaw(), count, target);
  else await pipeline(source, count, target);
}
