import { argsort, gradient, IndexError, ShapeError, sort, takeAlongAxis, topk } from "@pellucid/core-train";
import { mul, ones, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor2d([3, 1, 3, 2, 2, 2], [2, 3]);

test("equal elements stay in order, ascending and descending", () => {
  const up = sort(x);
  expect(up.values).toBeAllclose([1, 3, 3, 2, 2, 2]);
  expect(up.indices).toBeAllclose([1, 0, 2, 0, 1, 2]);
  expect(up.indices.dtype).toBe("int32");
  expect(argsort(x, -1, true)).toBeAllclose([0, 2, 1, 0, 1, 2]);
  expect(topk(x, 2, 0).indices).toBeAllclose([0, 1, 0, 1, 0, 1]);
});

test("gradients flow back to the original positions", () => {
  const derivative = gradient((at: Tensor) => mul(sort(at).values, [1, 10, 100]))(tensor1d([5, 3, 4]));
  expect(derivative).toBeAllclose([100, 1, 10]);
});

test("a k larger than the axis is refused", () => {
  expect(() => topk(x, 4)).toThrow(
    new ShapeError("topk: k is 4, but x is [2, 3]: expected an integer from 0 to 3 for axis 1."),
  );
});

test("indices of another shape are refused", () => {
  expect(() => takeAlongAxis(x, ones([3, 1], "int32"), 1)).toThrow(
    new ShapeError("takeAlongAxis: indices is [3, 1], expected [2, 3] but for the length of axis 1."),
  );
});

test.each([[3], [-1]])("the index %i of an axis of three is refused, not read from the next row", (index) => {
  expect(() => takeAlongAxis(x, tensor2d([0, index], [2, 1], "int32"), 1)).toThrow(
    new IndexError(`takeAlongAxis: indices[1] is ${index}, but axis 1 has 3 entries: expected 0 to 2.`),
  );
});

test("indices of another dtype are refused", () => {
  expect(() => takeAlongAxis(x, ones([2, 1]), 1)).toThrow(
    new IndexError('takeAlongAxis: indices is float32, expected int32. Make them with tensor(…, "int32").'),
  );
});

test("leaks no tensors", () => {
  expect(() => sort(x, 0)).toLeakNothing();
  expect(() => topk(x, 2)).toLeakNothing();
  expect(() => argsort(x)).toLeakNothing();
});
