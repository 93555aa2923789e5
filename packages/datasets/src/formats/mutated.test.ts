import { gzipSync } from "node:zlib";
import { mutations } from "@pellucid/testing";
import { expect, it } from "vitest";
import { DatasetError } from "../dataset-error.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { readCifar10 } from "./read-cifar10.ts";
import { readIdx } from "./read-idx.ts";
import { readTar } from "./read-tar.ts";

/** How many files of each kind. `PELLUCID_FUZZ=100000` for the long run. */
const COUNT = Number(process.env["PELLUCID_FUZZ"] ?? 300);

const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 4, ...new Uint8Array(80).fill(3));
const ints = Uint8Array.of(0, 0, 0x0c, 2, 0, 0, 0, 3, 0, 0, 0, 4, ...new Uint8Array(48).fill(3));
const cifar = new Uint8Array(2 * 3073).fill(5);
const tar = tarOf("batch.bin", new Uint8Array(600).fill(5));

/** The most memory that reading may take for each byte of the file: a byte can become a 32-bit number. */
const GROWTH = 4;

it.each<[string, Uint8Array, (bytes: Uint8Array) => number]>([
  ["IDX", idx, (bytes) => readIdx(bytes).data.byteLength],
  ["IDX of 32 bits", ints, (bytes) => readIdx(bytes).data.byteLength],
  [
    "CIFAR-10",
    cifar,
    (bytes) => {
      const { images, labels } = readCifar10(bytes);
      return images.data.byteLength + labels.data.byteLength;
    },
  ],
  ["tar", tar, (bytes) => Math.max(0, ...[...readTar(bytes).values()].map((file) => file.byteLength))],
])(
  "%s: a mutated file is read within its size, or refused by name",
  { timeout: 600_000 },
  (_, file, read) => {
    let refused = 0;
    for (const bytes of mutations([file], COUNT)) {
      try {
        const size = read(bytes);
        if (size > GROWTH * bytes.length) throw new RangeError(`${bytes.length} bytes became ${size}`);
      } catch (error) {
        if (!(error instanceof DatasetError) || error.code !== "format") throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(COUNT / 10);
  },
);

it(
  "gzip: a mutated file is unpacked within its limit, or refused by name",
  { timeout: 600_000 },
  async () => {
    let refused = 0;
    for (const bytes of mutations([new Uint8Array(gzipSync(idx))], COUNT)) {
      try {
        const unpacked = isGzip(bytes) ? await gunzip(bytes, { limit: 1000 }) : bytes;
        readIdx(unpacked);
      } catch (error) {
        if (!(error instanceof DatasetError) || error.code !== "format") throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(COUNT / 2);
  },
);

function tarOf(name: string, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(512);
  const write = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write(`${content.length.toString(8).padStart(11, "0")} `, 124);
  write("        ", 148);
  write("0", 156);
  write("ustar", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padded = new Uint8Array(Math.ceil(content.length / 512) * 512);
  padded.set(content);
  return Uint8Array.from([...header, ...padded, ...new Uint8Array(1024)]);
}
