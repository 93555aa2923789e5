import { useBackend } from "@pellucid/backends";
import {
  AvgPool,
  dispose,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Axis, maxPooling, outputSize } from "./definition.ts";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const draw = draws(3);
const cases = Array.from({ length: 120 }, (_, i) => {
  const dimensions = i % 3 === 0 ? 3 : 2;
  const dilation = i % 4 === 0 ? 2 : 1;
  const axes = Array.from({ length: dimensions }, (): Axis => {
    const filter = draw.of(1, 2, 2, 3, 4);
    const least = dilation * (filter - 1) + 1;
    const before = dimensions === 3 ? 0 : draw.of(0, 0, 1, filter - 1);
    const after = dimensions === 3 ? 0 : draw.of(0, 0, 1);
    return {
      size: least + draw.of(0, 1, 2, 5),
      filter,
      stride: draw.of(1, 2, 2, 3),
      dilation,
      before,
      after,
    };
  });
  return { axes, batch: draw.of(1, 2), channels: draw.of(1, 2, 3, 4, 5, 8, 10), isTied: i % 2 === 0 };
});

const name = ({ axes, batch, channels, isTied }: (typeof cases)[number]) =>
  `${batch} × ${axes.map((a) => a.size).join("×")}×${channels}, ` +
  axes.map((a) => `k${a.filter} s${a.stride} d${a.dilation} p${a.before},${a.after}`).join(" | ") +
  (isTied ? ", with ties" : "");

describe("max pooling and its gradient agree with their definition", () => {
  test.each(cases.map((c) => [name(c), c] as const))("%s", (_, { axes, batch, channels, isTied }) => {
    const shape = [batch, ...axes.map((a) => a.size), channels];
    const outShape = [batch, ...axes.map(outputSize), channels];
    const size = (of: number[]) => of.reduce((product, n) => product * n, 1);
    const numbers = isTied ? draw.ties(size(shape)) : draw.numbers(size(shape)).map((n) => n - 1);
    const gradients = draw.numbers(size(outShape));
    const expected = maxPooling(numbers, gradients, batch, axes, channels);
    const x = tensor(numbers, shape);
    const dy = tensor(gradients, outShape);
    const output = tensor(Float32Array.from(expected.y), outShape);
    const attributes = {
      filterSize: axes.map((a) => a.filter),
      strides: axes.map((a) => a.stride),
      dilations: axes.map((a) => a.dilation),
      pad: axes.length === 3 ? "valid" : [[0, 0], ...axes.map((a) => [a.before, a.after]), [0, 0]],
      dimRoundingMode: "floor",
    };
    const [forward, backward] = axes.length === 3 ? [MaxPool3D, MaxPool3DGrad] : [MaxPool, MaxPoolGrad];
    expect(runKernel(forward, { x }, attributes)).toEqual([...expected.y]);
    expect(runKernel(backward, { dy, input: x, output }, attributes)).toBeAllclose(expected.dx);
    dispose([x, dy, output]);
  });
});

describe("pooling of single pixels", () => {
  test.each([MaxPool, AvgPool])("%s picks every second pixel", (kernel) => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    expect(runKernel(kernel, { x }, { filterSize: 1, strides: 2, pad: "valid" })).toEqual([1, 3, 7, 9]);
    expect(runKernel(kernel, { x }, { filterSize: 1, strides: 1, pad: "same" })).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    x.dispose();
  });
});

test("a NaN makes its window NaN, in volumes too", () => {
  const x = tensor([-4, NaN, -3, -5, NaN, NaN, NaN, NaN], [1, 2, 2, 2, 1]);
  const attributes = { filterSize: [1, 2, 2], strides: [1, 2, 2], pad: "valid" };
  expect(runKernel(MaxPool3D, { x }, attributes)).toEqual([NaN, NaN]);
  x.dispose();
});

describe("the gradient of max pooling", () => {
  const gradient = (numbers: number[], largest: number[], gradients: number[]) => {
    const batch = largest.length;
    const input = tensor(numbers, [batch, 2, 2, 1]);
    const output = tensor(largest, [batch, 1, 1, 1]);
    const dy = tensor(gradients, [batch, 1, 1, 1]);
    const attributes = { filterSize: 2, strides: 2, pad: "valid" };
    const dx = runKernel(MaxPoolGrad, { dy, input, output }, attributes);
    dispose([input, output, dy]);
    return dx;
  };
  test("of a window without a positive number goes to its first maximum", () => {
    expect(gradient([-4, -3, -3, -5], [-3], [7])).toEqual([0, 7, 0, 0]);
  });
  test("of a window with a NaN goes to the last NaN, and of one of nothing but -Infinity to the first", () => {
    const low = -Infinity;
    expect(gradient([NaN, NaN, 3, 2, low, low, low, low], [NaN, low], [5, 7])).toEqual([
      0, 5, 0, 0, 7, 0, 0, 0,
    ]);
  });
});
