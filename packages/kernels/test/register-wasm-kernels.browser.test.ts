import { useBackend } from "@pellucid/backends";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  backend,
  conv2d,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  dispose,
  MaxPoolGrad,
  ones,
  tensor,
  tidy,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { type Axis, convolution } from "./definition.ts";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("where the page is isolated, the kernels work in a memory that threads share", () => {
  const x = tensor([1, 2, 3]);
  const { buffer } = (backend() as BackendWasm).typedArrayFromHeap(x);
  expect(crossOriginIsolated).toBe(true);
  expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  x.dispose();
});

test("a convolution and its gradients agree with their definition", () => {
  const axis: Axis = { size: 9, filter: 3, stride: 2, dilation: 1, before: 1, after: 1 };
  const { numbers } = draws(1);
  const operands = { x: numbers(2 * 9 * 9 * 3), w: numbers(9 * 3 * 5), dy: numbers(2 * 5 * 5 * 5) };
  const { y, dx, dw } = convolution(operands, 2, [axis, axis], 3, 5);
  const x = tensor(operands.x, [2, 9, 9, 3]) as Tensor4D;
  const filter = tensor(operands.w, [3, 3, 3, 5]) as Tensor4D;
  const dy = tensor(operands.dy, [2, 5, 5, 5]);
  const attributes = {
    strides: 2,
    pad: 1,
    dimRoundingMode: "floor",
    filterShape: [3, 3, 3, 5],
    inputShape: x.shape,
  };
  const near = (actual: ArrayLike<number>, { values, magnitudes }: typeof y) =>
    values.every((value, i) => Math.abs(value - (actual[i] as number)) <= 1e-6 * (magnitudes[i] as number));
  expect(
    near(
      tidy(() => conv2d(x, filter, 2, 1, "NHWC", 1, "floor").dataSync()),
      y,
    ),
  ).toBe(true);
  expect(near(runKernel(Conv2DBackpropFilter, { x, dy }, attributes), dw)).toBe(true);
  expect(near(runKernel(Conv2DBackpropInput, { dy, filter }, attributes), dx)).toBe(true);
  dispose([x, filter, dy]);
});

test("they still do after the memory has grown", () => {
  const big = ones([64, 1024, 1024]); // 256 MB
  const x = tensor([-4, -3, -3, -5], [1, 2, 2, 1]);
  const output = tensor([-3], [1, 1, 1, 1]);
  const dy = tensor([7], [1, 1, 1, 1]);
  const attributes = { filterSize: 2, strides: 2, pad: "valid" };
  expect(runKernel(MaxPoolGrad, { dy, input: x, output }, attributes)).toEqual([0, 7, 0, 0]);
  dispose([big, x, output, dy]);
});
