import { permute, sizeOf } from "@pellucid/core-train";
import { tensor, transpose } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const counting = (...shape: number[]) => ({
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
  shape,
});

test("a shape holds as many numbers as its product says, no axes one", () => {
  expect([sizeOf([2, 3, 4]), sizeOf([]), sizeOf([5, 0])]).toEqual([24, 1, 0]);
});

test.each([
  [
    [2, 3],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 1, 3, 2],
    [3, 1, 0, 2],
  ],
  [
    [3, 2, 2, 1, 2],
    [2, 3, 4, 1, 0],
  ],
  [
    [19, 3, 17],
    [1, 2, 0],
  ],
  [
    [16, 8],
    [1, 0],
  ],
  [[4], [0]],
])("axes of %j in the order %j are those of transpose", (shape, axes) => {
  const host = counting(...shape);
  const expected = transpose(tensor(host.data, shape), axes);
  const found = permute(host, axes);
  expect(found.shape).toEqual(expected.shape);
  expect(found).toBeAllclose(expected, { rtol: 0, atol: 0 });
});

test("the result is a copy of the same kind", () => {
  const host = { data: Int32Array.of(1, 2), shape: [2] };
  const found = permute(host, [0]);
  expect(found.data).toEqual(host.data);
  expect(found.data).not.toBe(host.data);
});

test("no axes, and no numbers", () => {
  expect(permute({ data: Float32Array.of(7), shape: [] }, [])).toEqual({
    data: Float32Array.of(7),
    shape: [],
  });
  expect(permute(counting(0, 3), [1, 0]).shape).toEqual([3, 0]);
});
