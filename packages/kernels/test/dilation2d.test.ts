import { useBackend } from "@pellucid/backends";
import {
  Dilation2D,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  dispose,
  tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Axis, outputSize, windows } from "./definition.ts";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const draw = draws(11);
const cases = Array.from({ length: 30 }, () => {
  const axes = [0, 1].map((): Axis => {
    const [filter, dilation] = [draw.of(1, 2, 3), draw.of(1, 2)];
    const size = dilation * (filter - 1) + 1 + draw.of(0, 1, 3);
    return { size, filter, stride: draw.of(1, 2), dilation, before: 0, after: 0 };
  });
  return { axes, channels: draw.of(1, 2, 5), isNegative: draw.of(true, false) };
});

describe("morphological dilation is the largest sum, and its gradients go to the first of it", () => {
  test.each(cases.map((c) => [JSON.stringify(c), c] as const))("%s", (_, { axes, channels, isNegative }) => {
    const count = (of: (axis: Axis) => number) =>
      axes.reduce((product, axis) => product * of(axis), channels);
    const numbers = draw.numbers(count((a) => a.size)).map((n) => (isNegative ? n - 3 : n));
    const weights = draw.numbers(count((a) => a.filter));
    const gradients = draw.numbers(count(outputSize));
    const best = new Float32Array(gradients.length).fill(-Infinity);
    const [input, index] = [new Int32Array(gradients.length), new Int32Array(gradients.length)];
    windows(axes, (output, at, tap) => {
      for (let c = 0; c < channels; c++) {
        const [y, i, w] = [output, at, tap].map((index) => index * channels + c) as [number, number, number];
        const value = Math.fround((numbers[i] as number) + (weights[w] as number));
        if (!(value > (best[y] as number))) continue;
        [best[y], input[y], index[y]] = [value, i, w];
      }
    });
    const [dx, dw] = [new Float32Array(numbers.length), new Float32Array(weights.length)];
    for (const [y, gradient] of gradients.entries()) {
      dx[input[y] as number] = (dx[input[y] as number] as number) + gradient;
      dw[index[y] as number] = (dw[index[y] as number] as number) + gradient;
    }
    const x = tensor(numbers, [1, ...axes.map((a) => a.size), channels]);
    const filter = tensor(weights, [...axes.map((a) => a.filter), channels]);
    const dy = tensor(gradients, [1, ...axes.map(outputSize), channels]);
    const attributes = {
      strides: axes.map((a) => a.stride),
      dilations: axes.map((a) => a.dilation),
      pad: "valid",
    };
    expect(runKernel(Dilation2D, { x, filter }, attributes)).toEqual([...best]);
    expect(runKernel(Dilation2DBackpropInput, { x, filter, dy }, attributes)).toEqual([...dx]);
    expect(runKernel(Dilation2DBackpropFilter, { x, filter, dy }, attributes)).toEqual([...dw]);
    dispose([x, filter, dy]);
  });
});
