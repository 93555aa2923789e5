import { expect, it } from "vitest";
import { packed } from "./packed.ts";

it("transfers arrays that are new, each buffer once", () => {
  const x = Float32Array.of(1, 2);
  const batch = { x: { data: x, shape: [2] }, again: [x], names: ["a"] };
  const { value, buffers } = packed(batch, true);
  expect(value).toEqual(batch);
  expect(buffers).toEqual([x.buffer]);
});

it("copies rows of a dataset, and no more than the row", () => {
  const all = new Float32Array(1000);
  const { value, buffers } = packed([{ x: all.subarray(10, 12), y: 3 }], false);
  expect(value).toEqual([{ x: new Float32Array(2), y: 3 }]);
  expect(buffers.map((buffer) => buffer.byteLength)).toEqual([8]);
});

it("does not transfer memory that threads share", () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  expect(packed({ data: shared, shape: [2] }, true).buffers).toEqual([]);
});

it("looks into instances of classes, and leaves dates and maps to the thread's own copying", () => {
  class Sample {
    readonly x = new Float32Array(1000).subarray(10, 12);
    readonly taken = new Date(0);
  }
  const { value, buffers } = packed([new Sample(), new Map([["a", 1]])], false);
  expect(value).toEqual([{ x: new Float32Array(2), taken: new Date(0) }, new Map([["a", 1]])]);
  expect(buffers.map((buffer) => buffer.byteLength)).toEqual([8]);
});
