import { readFileSync } from "node:fs";
import {
  encodeSafetensors,
  type HostTensor,
  parseSafetensors,
  SafetensorsError,
  type StoredTensor,
  toHostTensor,
} from "@pellucid/core-train";
import { expect, test } from "vitest";

const fixtures = new URL("../../fixtures/torch/", import.meta.url);
const written = new Uint8Array(readFileSync(new URL("safetensors-dtypes.safetensors", fixtures)));
const weights = new Uint8Array(readFileSync(new URL("weights.safetensors", fixtures)));

const numbersOf = (name: string): number[] => {
  const stored = parseSafetensors(written).tensors[name] as StoredTensor;
  return Array.from(toHostTensor(stored, name).data);
};

const text = (words: string) => new TextEncoder().encode(words);

test.each([
  [
    "<!DOCTYPE html><title>Not found</title>",
    /begins with "<!DOCTYPE html>": it is a page, not safetensors\. The address/,
  ],
  ['\n<html lang="en">', /it is a page, not safetensors/],
  [
    '{\n  "metadata": {},\n  "weight_map": {}}',
    /it is the index of weights in several files\. Load its folder with loadPretrained/,
  ],
  ['{"error": "Unauthorized"}', /it is JSON, not safetensors/],
  [
    "PK\x03\x04\x00\x00\x08\x08",
    /it is a zip archive, as torch\.save writes\. Convert it in Python: import torch/,
  ],
  ["version https://git-lfs.github.com/spec/v1", /it is a pointer of Git LFS/],
  ["GGUF\x03\x00\x00\x00", /it is GGUF, not safetensors/],
])("what is often taken for safetensors is named: %j", (words, message) => {
  expect(() => parseSafetensors(text(words))).toThrow(SafetensorsError);
  expect(() => parseSafetensors(text(words))).toThrow(message);
});

test.each([
  [[0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46], "a pickle"],
  [[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], "gzip"],
  [[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "HDF5"],
])("binary formats are named: %j is %s", (bytes, name) => {
  expect(() => parseSafetensors(Uint8Array.from(bytes))).toThrow(name);
});

test("every format of PyTorch's file has its numbers", () => {
  const numbers = [0, -0, 1, -2.5, 65504, 6e-8, Infinity, -Infinity, NaN, 0.333251953125];
  expect(numbersOf("f32")).toEqual(numbers.map(Math.fround));
  expect(numbersOf("z.f64")).toEqual(numbers.map(Math.fround));
  expect(numbersOf("f16")).toEqual([
    0,
    -0,
    1,
    -2.5,
    65504,
    2 ** -24,
    Infinity,
    -Infinity,
    NaN,
    0.333251953125,
  ]);
  expect(numbersOf("bf16")).toEqual([
    0,
    -0,
    1,
    -2.5,
    65536,
    129 * 2 ** -31,
    Infinity,
    -Infinity,
    NaN,
    0.333984375,
  ]);
  expect(numbersOf("i64")).toEqual([0, 1, -1, 127, -128, 2 ** 31 - 1, -(2 ** 31)]);
  expect(numbersOf("i32")).toEqual([0, 1, -1, 127, -128]);
  expect(numbersOf("i16")).toEqual([0, 1, -1, 127, -128, 32767, -32768]);
  expect(numbersOf("i8")).toEqual([0, 1, -1, 127, -128]);
  expect(numbersOf("u8")).toEqual([0, 1, 255]);
  expect(numbersOf("u16")).toEqual([0, 65535]);
  expect(numbersOf("u32")).toEqual([0, 2 ** 31 - 1]);
  expect(numbersOf("u64")).toEqual([0, 2 ** 31 - 1]);
  expect(numbersOf("bool")).toEqual([1, 0, 1]);
  expect(numbersOf("scalar")).toEqual([3.5]);
  expect(numbersOf("empty")).toEqual([]);
});

test("what is read is written again byte for byte as PyTorch wrote it", () => {
  for (const file of [written, weights]) {
    const { tensors, metadata } = parseSafetensors(file);
    const shuffled = Object.fromEntries(Object.entries(tensors).reverse());
    expect(encodeSafetensors(shuffled, metadata)).toEqual(file);
  }
});

test("a file may begin anywhere in its buffer", () => {
  const shifted = new Uint8Array(weights.length + 3).subarray(3);
  shifted.set(weights);
  const { tensors } = parseSafetensors(shifted);
  const name = "table.weight";
  const expected = toHostTensor(parseSafetensors(weights).tensors[name] as StoredTensor, name);
  expect(toHostTensor(tensors[name] as StoredTensor, name)).toEqual(expected);
});

test("numbers on the host are stored as they are", () => {
  const file = encodeSafetensors({
    f: { data: Float32Array.of(1, NaN, -0), shape: [3] },
    i: { data: Int32Array.of(-5), shape: [] },
    b: { data: Uint8Array.of(200, 0), shape: [1, 2] },
  });
  const back = Object.entries(parseSafetensors(file).tensors).map(([name, stored]) => [
    name,
    stored.dtype,
    toHostTensor(stored, name),
  ]);
  expect(back).toEqual([
    ["f", "F32", { data: Float32Array.of(1, NaN, -0), shape: [3] }],
    ["i", "I32", { data: Int32Array.of(-5), shape: [] }],
    ["b", "U8", { data: Uint8Array.of(200, 0), shape: [1, 2] }],
  ]);
});

/** A file with a header as written, and so many bytes of numbers. */
function file(header: string, numbers: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + numbers);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const claim = (length: bigint): Uint8Array => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
};

const info = (dtype: string, shape: string, start: number, end: number): string =>
  `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${start},${end}]}`;

const refused: [string, Uint8Array, RegExp][] = [
  ["nothing", new Uint8Array(0), /the file has 0 bytes, expected at least 8/],
  ["a header longer than the file", claim(9n), /claims 9 bytes, but 8 follow/],
  [
    "a header of 100 MB and a byte",
    claim(100_000_001n),
    /claims 100000001 bytes, expected 100000000 at most/,
  ],
  ["a header of all the bytes there are", claim(2n ** 64n - 1n), /claims 18446744073709552000 bytes/],
  ["no header", claim(0n), /does not begin with {/],
  ["a space first", file(" {}", 0), /does not begin with {/],
  ["half a header", file('{"a":', 0), /has "" at 5, expected {/],
  ["a header that is not UTF-8", file("{}", 0).with(9, 0xff), /the header is not UTF-8/],
  ["brackets without end", file("{" + "[".repeat(1e6), 0), /has "\[{16}" at 1, expected "/],
  ["numbers nobody owns", file("{}", 1), /tensors take 0 bytes, but 1 follow/],
  ["numbers cut off", file(`{"a":${info("F32", "2", 0, 8)}}`, 7), /tensors take 8 bytes, but 7 follow/],
  [
    "a hole",
    file(`{"a":${info("U8", "1", 0, 1)},"b":${info("U8", "1", 2, 3)}}`, 3),
    /b begins at byte 2, expected 1/,
  ],
  [
    "an overlap",
    file(`{"a":${info("U8", "2", 0, 2)},"b":${info("U8", "2", 1, 3)}}`, 3),
    /b begins at byte 1, expected 2/,
  ],
  ["a start after the end", file(`{"a":${info("U8", "0", 1, 0)}}`, 1), /its range has -1/],
  [
    "a place of another size",
    file(`{"a":${info("F32", "3", 0, 8)}}`, 8),
    /a is F32 \[3\], 12 bytes, but its range has 8/,
  ],
  [
    "a shape beyond all numbers",
    file(`{"a":${info("U8", "4294967296,4294967296,0", 0, 0)}}`, 0),
    /NaN bytes/,
  ],
  ["a negative size", file(`{"a":${info("U8", "-1", 0, 0)}}`, 0), /has "-1.*" at 28, expected an integer/],
  ["a broken size", file(`{"a":${info("U8", "1.5", 0, 1)}}`, 1), /has "\.5.*" at 29, expected \]/],
  ["a size in words", file(`{"a":${info("U8", '"1"', 0, 1)}}`, 1), /at 28, expected an integer/],
  [
    "one offset",
    file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}', 0),
    /a has 1 data_offsets, expected start and end/,
  ],
  ["an unknown format", file(`{"a":${info("F4", "1", 0, 1)}}`, 1), /a has dtype F4, expected one of U64, /],
  ["a format every object has", file(`{"a":${info("toString", "1", 0, 1)}}`, 1), /a has dtype toString/],
  ["no description", file('{"a":[]}', 0), /has "\[\]}" at 5, expected {/],
  [
    "half a description",
    file('{"a":{"dtype":"U8","shape":[0]}}', 0),
    /a has no dtype, no shape or no data_offsets/,
  ],
  ["another word", file('{"a":{"layout":1}}', 0), /expected nothing but dtype, shape and data_offsets for a/],
  [
    "a size beyond all numbers",
    file(`{"a":${info("U8", "99999999999999999", 0, 0)}}`, 0),
    /at 28, expected an integer/,
  ],
  ["a size that begins with 0", file(`{"a":${info("U8", "01", 0, 1)}}`, 1), /at 28, expected an integer/],
  ["half an escape", file('{"\\u00', 0), /expected a quote/],
  ["an escape that is none", file('{"\\x00":', 0), /expected words in quotes/],
  ["a line break in a name", file('{"a\n":1}', 0), /expected words in quotes/],
  ["something after the header", file("{} {}", 0), /has "{}" at 3, expected its end/],
  [
    "a name twice",
    file(`{"a":${info("U8", "0", 0, 0)},"\\u0061":${info("U8", "1", 0, 1)}}`, 1),
    /has "a" twice/,
  ],
  [
    "a key twice",
    file('{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}', 0),
    /has "dtype" twice/,
  ],
  ["metadata that is not text", file('{"__metadata__":{"a":1}}', 0), /has "1}}" at 21, expected "/],
];

test.each(refused)("%s is refused", (_, bytes, message) => {
  expect(() => parseSafetensors(bytes)).toThrow(SafetensorsError);
  expect(() => parseSafetensors(bytes)).toThrow(message);
});

test("white space is allowed where JSON allows it", () => {
  const text = '{ "a" : { "shape" : [ 2 , 1 ] ,\n"data_offsets":[0,2],\t"dtype":"U8" } }  ';
  const { tensors } = parseSafetensors(file(text, 2));
  expect(tensors).toEqual({ a: { dtype: "U8", shape: [2, 1], bytes: new Uint8Array(2) } });
});

test("names that objects have by themselves are names like others", () => {
  const names = ["__proto__", "constructor", "toString"];
  const header = names.map((name) => `"${name}":${info("U8", "0", 0, 0)}`).join(",");
  const { tensors } = parseSafetensors(file(`{${header}}`, 0));
  expect(Object.keys(tensors)).toEqual(names);
  expect(Object.keys(parseSafetensors(encodeSafetensors(tensors)).tensors)).toEqual(names);
});

const one = (dtype: StoredTensor["dtype"], ...bytes: number[]): StoredTensor => ({
  dtype,
  shape: [1],
  bytes: Uint8Array.from(bytes),
});

test.each([
  [one("I64", 0, 0, 0, 0x80, 0, 0, 0, 0), "a[0] is a I64 that no 32-bit integer can hold."],
  [one("I64", 0, 0, 0, 0, 1, 0, 0, 0), "a[0] is a I64 that no 32-bit integer can hold."],
  [one("U64", 0, 0, 0, 0x80, 0, 0, 0, 0), "a[0] is a U64 that no 32-bit integer can hold."],
  [one("U32", 0, 0, 0, 0x80), "a[0] is a U32 that no 32-bit integer can hold."],
  [one("F64", 0, 0, 0, 0, 0, 0, 0, 0x7f), "a[0] is a F64 that no 32-bit floating-point number can hold."],
  [one("BOOL", 2), "a[0] is 2, expected a BOOL, 0 or 1."],
])("a number that 32 bits cannot hold is an error", (stored, message) => {
  expect(() => toHostTensor(stored, "a")).toThrow(new SafetensorsError(message));
});

const zero: HostTensor = { data: Float32Array.of(0), shape: [1] };

test.each([
  [{ a: { ...zero, shape: [2] } }, {}, "a is F32 [2], but has 4 bytes"],
  [{ __metadata__: zero }, {}, "no tensor may be called __metadata__"],
  [{ "a\ud800": zero }, {}, 'encodeSafetensors: "a\\ud800" has half a character'],
  [{ a: zero }, { "\udc00": "" }, "has half a character"],
])("what no file can hold is not written", (tensors, metadata, message) => {
  expect(() => encodeSafetensors(tensors, metadata)).toThrow(message);
  expect(() => encodeSafetensors(tensors, metadata)).toThrow(SafetensorsError);
});
