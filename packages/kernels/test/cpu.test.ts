import { useBackend } from "@pellucid/backends";
import { registerCpuKernels } from "@pellucid/kernels";
import {
  Conv2DBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter,
  dispose,
  getKernelsForBackend,
  tensor,
  UnsortedSegmentSum,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { attributesOf, cases, expectSums, name, operands } from "./convolution-cases.ts";
import { convolution } from "./definition.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "cpu" }));

describe("on CPU, the gradient of convolution at its filter agrees with its definition", () => {
  test.each(cases.map((c) => [name(c), c] as const))("%s", (_, c) => {
    for (const depthwise of [false, true]) {
      const own = depthwise ? { ...c, outChannels: 1 + (c.outChannels % 3) } : c;
      const { shapes, ...numbers } = operands(own, depthwise);
      const { dw } = convolution(numbers, own.batch, own.axes, own.inChannels, own.outChannels, depthwise);
      const [x, dy] = [tensor(numbers.x, shapes.x), tensor(numbers.dy, shapes.dy)];
      const kernel = depthwise ? DepthwiseConv2dNativeBackpropFilter : Conv2DBackpropFilter;
      expectSums(runKernel(kernel, { x, dy }, { ...attributesOf(own), filterShape: shapes.w }), dw);
      dispose([x, dy]);
    }
  });
});

test("on CPU, rows of a segment are added, and those of no segment are not", () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
  const segmentIds = tensor([2, 0, 2, -1], [4], "int32");
  expect(runKernel(UnsortedSegmentSum, { x, segmentIds }, { numSegments: 3 })).toEqual([3, 4, 0, 0, 6, 8]);
  dispose([x, segmentIds]);
});

test("on CPU, images with channels first are refused", () => {
  const [x, dy] = [zeros([1, 2, 4, 4]), zeros([1, 3, 4, 4])];
  const attributes = { strides: 1, pad: "same", dataFormat: "NCHW", filterShape: [3, 3, 2, 3] };
  expect(() => runKernel(Conv2DBackpropFilter, { x, dy }, attributes)).toThrow(
    "Conv2DBackpropFilter: dataFormat is NCHW, expected NHWC. Transpose to [batch, height, width, channel].",
  );
  dispose([x, dy]);
});

test("on CPU, registering again changes nothing", () => {
  const names = () => getKernelsForBackend("cpu").map(({ kernelFunc }) => kernelFunc);
  const before = new Set(names());
  registerCpuKernels();
  expect(new Set(names())).toEqual(before);
});
