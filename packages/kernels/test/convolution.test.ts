import { useBackend } from "@pellucid/backends";
import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  Conv3DBackpropInputV2,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  dispose,
  tensor,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, test } from "vitest";
import { attributesOf, axis, cases, expectSums, name, operands } from "./convolution-cases.ts";
import { type Axis, convolution } from "./definition.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

describe("convolution and its gradients agree with their definition", () => {
  test.each(cases.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, false);
    const { y, dx, dw } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const attributes = attributesOf(c);
    const x = tensor(numbers.x, shapes.x);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    expectSums(runKernel(Conv2D, { x, filter }, attributes), y);
    expectSums(runKernel(Conv2DBackpropFilter, { x, dy }, { ...attributes, filterShape: shapes.w }), dw);
    expectSums(runKernel(Conv2DBackpropInput, { dy, filter }, { ...attributes, inputShape: shapes.x }), dx);
    dispose([x, filter, dy]);
  });
});

describe("the gradients of depthwise convolution agree with their definition", () => {
  const multiplied = cases.map((c, i) => ({ ...c, outChannels: [1, 1, 2, 3][i % 4] as number }));
  test.each(multiplied.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, true);
    const { dx, dw } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels, true);
    const attributes = attributesOf(c);
    const x = tensor(numbers.x, shapes.x);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const filterShape = shapes.w;
    expectSums(runKernel(DepthwiseConv2dNativeBackpropFilter, { x, dy }, { ...attributes, filterShape }), dw);
    const inputShape = shapes.x;
    expectSums(
      runKernel(DepthwiseConv2dNativeBackpropInput, { dy, filter }, { ...attributes, inputShape }),
      dx,
    );
    dispose([x, filter, dy]);
  });
});

describe("the gradient of convolution over volumes at its input agrees with its definition", () => {
  const volumes = cases.slice(0, 40).map((c, i) => {
    const side = (size: number, filter: number, stride: number, dilation: number) =>
      axis(Math.max(size, dilation * (filter - 1) + 1), filter, stride, dilation);
    const [height, width] = c.axes.map((a) => side(Math.min(a.size, 9), a.filter, a.stride, a.dilation));
    const depth = side(1 + (i % 5), 1 + (i % 3), 1 + (i % 2), 1 + ((i >> 1) % 2));
    return { ...c, batch: 1 + (i % 2), axes: [depth, height as Axis, width as Axis] };
  });
  test.each(volumes.map((c) => [name(c), c] as const))("%s", (_, c) => {
    const { shapes, ...numbers } = operands(c, false);
    const { dx } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const attributes = { ...attributesOf(c), pad: "valid", inputShape: shapes.x };
    expectSums(runKernel(Conv3DBackpropInputV2, { dy, filter }, attributes), dx);
    dispose([filter, dy]);
  });

  test("padded as tfjs pads: 'same'", () => {
    const c = {
      batch: 1,
      axes: [axis(3, 2, 1, 1, 0, 1), axis(4, 3, 2, 1, 0, 1), axis(5, 3, 2, 1, 1)],
      inChannels: 3,
      outChannels: 2,
    };
    const { shapes, ...numbers } = operands(c, false);
    const { dx } = convolution(numbers, c.batch, c.axes, c.inChannels, c.outChannels);
    const filter = tensor(numbers.w, shapes.w);
    const dy = tensor(numbers.dy, shapes.dy);
    const attributes = { strides: [1, 2, 2], pad: "same", inputShape: shapes.x };
    expectSums(runKernel(Conv3DBackpropInputV2, { dy, filter }, attributes), dx);
    dispose([filter, dy]);
  });
});
