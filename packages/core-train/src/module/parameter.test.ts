import { stateBuffer, isBuffer, parameter } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const values = { data: new Float32Array([1, 2, 3, 4]), shape: [2, 2] };

test("a parameter starts at its values, and is trained", () => {
  const weight = parameter(values);
  expect(weight).toHaveShape([2, 2]);
  expect(weight).toBeAllclose([1, 2, 3, 4]);
  expect([weight.trainable, isBuffer(weight)]).toEqual([true, false]);
});

test("a buffer is not trained, and may hold integers", () => {
  const count = stateBuffer({ data: new Int32Array([7]), shape: [] });
  expect(count.dtype).toBe("int32");
  expect([count.trainable, isBuffer(count)]).toEqual([false, true]);
});

test("one tensor is made, and freed with it", () => {
  const before = memory().numTensors;
  const weight = parameter(values);
  expect(memory().numTensors).toBe(before + 1);
  weight.dispose();
  expect(memory().numTensors).toBe(before);
});
