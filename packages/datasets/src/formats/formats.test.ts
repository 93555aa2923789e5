import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { DatasetError } from "../dataset-error.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { readCifar10 } from "./read-cifar10.ts";
import { readIdx } from "./read-idx.ts";

function bigEndian(...words: number[]): number[] {
  return words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

describe("readIdx", () => {
  it.each<[string, number[], Uint8Array | Int32Array | Float32Array]>([
    ["bytes", [0, 0, 8, 1, ...bigEndian(2), 7, 255], Uint8Array.of(7, 255)],
    ["signed bytes", [0, 0, 9, 1, ...bigEndian(2), 7, 255], Int32Array.of(7, -1)],
    ["16 bits", [0, 0, 0x0b, 1, ...bigEndian(2), 1, 2, 255, 254], Int32Array.of(258, -2)],
    ["32 bits", [0, 0, 0x0c, 1, ...bigEndian(2), ...bigEndian(70_000, -3)], Int32Array.of(70_000, -3)],
    ["floats", [0, 0, 0x0d, 1, ...bigEndian(1), ...bigEndian(0xbfc00000)], Float32Array.of(-1.5)],
    ["doubles", [0, 0, 0x0e, 1, ...bigEndian(1), ...bigEndian(0x3ff80000, 0)], Float32Array.of(1.5)],
    ["nothing", [0, 0, 8, 2, ...bigEndian(0, 28)], new Uint8Array(0)],
    ["one number", [0, 0, 8, 0, 5], Uint8Array.of(5)],
  ])("reads %s", (_, bytes, data) => {
    // not at the start of its buffer, as a file in an archive is not
    const view = Uint8Array.from([9, 9, 9, ...bytes]).subarray(3);
    expect(readIdx(view).data).toEqual(data);
  });

  it("tells the shape, and copies", () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, ...bigEndian(2, 3), 1, 2, 3, 4, 5, 6);
    const { data, shape } = readIdx(bytes);
    bytes.fill(0);
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each<[string, number[], string]>([
    ["nothing", [], "readIdx: the bytes are not IDX: they begin with ."],
    ["a page", [0x3c, 0x68, 0x74, 0x6d], "readIdx: the bytes are not IDX: they begin with 3c 68 74 6d."],
    [
      "an unknown type",
      [0, 0, 7, 1, 0, 0, 0, 0],
      "readIdx: the bytes are not IDX: 07 is not a type of number.",
    ],
    ["a cut header", [0, 0, 8, 3, 0, 0], "readIdx: cut: 6 bytes, and the header alone has 16."],
    ["cut numbers", [0, 0, 8, 1, 0, 0, 0, 2, 1], "readIdx: 9 bytes, expected 10 for [2]. Was the file cut?"],
    [
      "more than it says",
      [0, 0, 8, 1, 0, 0, 0, 1, 1, 1],
      "readIdx: 10 bytes, expected 9 for [1]. Was the file cut?",
    ],
    [
      "sizes beyond any memory",
      [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255],
      "readIdx: 12 bytes, expected 18446744065119617000 for [4294967295, 4294967295]. Was the file cut?",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readIdx(Uint8Array.from(bytes))).toThrow(new DatasetError("format", message));
  });
});

describe("readCifar10", () => {
  it("reads labels, and puts the planes' colors side by side", () => {
    const record = Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? 7 : (i - 1) >> 10));
    record[1] = 99; // the first red
    record[3072] = 88; // the last blue
    const { images, labels } = readCifar10(Uint8Array.from([...record, ...record]));
    expect(images.shape).toEqual([2, 32, 32, 3]);
    expect([...images.data.subarray(0, 6)]).toEqual([99, 1, 2, 0, 1, 2]);
    expect([...images.data.subarray(-6)]).toEqual([0, 1, 2, 0, 1, 88]);
    expect([...labels.data]).toEqual([7, 7]);
  });

  it("refuses part of an image, and a class that is none", () => {
    expect(() => readCifar10(new Uint8Array(3074), "batch.bin")).toThrow(
      new DatasetError(
        "format",
        "batch.bin: 3074 bytes are no integer of images, each 3073. Was the file cut?",
      ),
    );
    const bytes = new Uint8Array(2 * 3073);
    bytes[3073] = 10;
    expect(() => readCifar10(bytes)).toThrow("readCifar10: image 1 is of class 10, expected 0 to 9.");
  });
});

describe("gunzip", () => {
  const text = new TextEncoder().encode("deep learning you can see through ".repeat(100));
  const packed = new Uint8Array(gzipSync(text));

  it("unpacks", async () => {
    expect(isGzip(packed)).toBe(true);
    expect(isGzip(text)).toBe(false);
    expect(await gunzip(packed)).toEqual(text);
    expect(await gunzip(new Uint8Array(gzipSync("")))).toHaveLength(0);
  });

  // gzip -d, Python's gzip and Node's zlib.gunzipSync give the same
  it("unpacks several members, also where one holds what looks like another", async () => {
    const inner = new Uint8Array(gzipSync("inner")); // kept as it is within a member that does not compress
    const stored = new Uint8Array(gzipSync(inner, { level: 0 }));
    const parts = [packed, stored, new Uint8Array(gzipSync("")), packed];
    const all = new Uint8Array(Buffer.concat(parts));
    expect(await gunzip(all)).toEqual(new Uint8Array(gunzipSync(all)));
    await expect(gunzip(all, { limit: 2 * text.length })).rejects.toThrow(/unpack to more than/);
    await expect(gunzip(all.subarray(0, -1))).rejects.toThrow(/are not gzip, or are cut/);
  });

  it("needs no Blob, which jsdom has without streams", async () => {
    vi.stubGlobal("Blob", class {});
    expect(await gunzip(packed)).toEqual(text);
    vi.unstubAllGlobals();
  });

  it("says so where nothing can decompress", async () => {
    vi.stubGlobal("DecompressionStream", undefined);
    await expect(gunzip(packed)).rejects.toThrow("gunzip: this environment has no DecompressionStream");
    vi.unstubAllGlobals();
  });

  it.each([
    ["nothing", packed.subarray(0, 0)],
    ["something else", text],
    ["a cut file", packed.subarray(0, -9)],
    ["a file without its checksum", packed.subarray(0, -4)],
    ["a changed file", packed.map((byte, i) => (i === packed.length - 6 ? byte ^ 1 : byte))],
  ])("refuses %s", async (_, bytes) => {
    await expect(gunzip(bytes, { name: "file.gz" })).rejects.toThrow(
      new DatasetError("format", `file.gz: the ${bytes.length} bytes are not gzip, or are cut.`),
    );
  });

  it("stops at its limit: a bomb of 20 MB does not go off", async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(20_000_000)));
    const before = process.memoryUsage().arrayBuffers;
    await expect(gunzip(bomb)).rejects.toThrow(
      `gunzip: the ${bomb.length} bytes unpack to more than ${64 * bomb.length + 65536}. If they can be trusted, raise the limit.`,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12_000_000);
    await expect(gunzip(packed, { limit: 100 })).rejects.toThrow(/unpack to more than 100\./);
    expect(await gunzip(packed, { limit: text.length })).toEqual(text);
  });
});
