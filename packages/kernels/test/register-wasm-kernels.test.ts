import { useBackend } from "@pellucid/backends";
import { registerWasmKernels } from "@pellucid/kernels";
import { checkGradient } from "@pellucid/testing";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  avgPool,
  backend,
  conv2d,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  depthwiseConv2d,
  gather,
  getKernel,
  getKernelsForBackend,
  grads,
  maxPool,
  oneHot,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const draw = draws(5);
const drawn = <T extends Tensor>(...shape: number[]) =>
  tensor(draw.numbers(shape.reduce((product, n) => product * n, 1)), shape) as T;

describe("gradients on WASM agree with finite differences", () => {
  const image = () => drawn<Tensor4D>(2, 5, 5, 3);
  const filter = () => drawn<Tensor4D>(3, 3, 3, 2);
  test("conv2d at its input and at its filter", () => {
    const [x, w] = [image(), filter()];
    checkGradient((at) => conv2d(at, w, 2, "same"), x);
    checkGradient((at) => conv2d(x, at, 2, "same"), w);
  });
  test("depthwise conv2d at its input and at its filter", () => {
    const [x, w] = [image(), filter()];
    checkGradient((at) => depthwiseConv2d(at, w, 1, "valid"), x);
    checkGradient((at) => depthwiseConv2d(x, at, 2, "same"), w);
  });
  test("max and average pooling", () => {
    checkGradient(
      (at) => maxPool(at, 2, 2, "valid"),
      tensor(
        [...Array(36).keys()].map((i) => ((i * 7) % 36) / 9 - 5),
        [1, 6, 6, 1],
      ) as Tensor4D,
    );
    checkGradient((at) => avgPool(at, 2, 2, "valid"), drawn<Tensor4D>(1, 4, 4, 2));
  });
  test("gather, which is embedding", () => {
    const indices = tensor([2, 0, 2, 1], [4], "int32");
    checkGradient((at) => gather(at, indices), drawn<Tensor2D>(4, 3));
  });
});

test("registering again changes nothing", async () => {
  const before = new Set(getKernelsForBackend("wasm").map(({ kernelFunc }) => kernelFunc));
  await registerWasmKernels();
  expect(new Set(getKernelsForBackend("wasm").map(({ kernelFunc }) => kernelFunc))).toEqual(before);
});

test("a tensor that does not fit into memory is an error, and nothing is written over", () => {
  const kept = tensor([1, 2, 3]);
  const labels = tensor([0, 1], [2], "int32");
  expect(() => oneHot(labels, 2 ** 53 - 1)).toThrow(/^wasm: a tensor of \d+ bytes does not fit/);
  expect(() => oneHot(labels, 2 ** 30)).toThrow(/^wasm: a tensor of 8589934592 bytes does not fit/);
  expect([...kept.dataSync()]).toEqual([1, 2, 3]);
});

test("another backend is refused", async () => {
  await useBackend({ only: "cpu" });
  await expect(registerWasmKernels()).rejects.toThrow(
    'registerWasmKernels: the active backend is cpu, expected wasm. Await setBackend("wasm") first.',
  );
  await useBackend({ only: "wasm" });
});

test("images with channels first are refused", () => {
  const [x, dy] = [zeros([1, 2, 4, 4]), zeros([1, 3, 4, 4])];
  const attributes = { strides: 1, pad: "same", dataFormat: "NCHW", filterShape: [3, 3, 2, 3] };
  expect(() => runKernel(Conv2DBackpropFilter, { x, dy }, attributes)).toThrow(
    "Conv2DBackpropFilter: dataFormat is NCHW, expected NHWC. Transpose to [batch, height, width, channel].",
  );
  x.dispose();
  dy.dispose();
});

test("no images give no gradient at the input and zeros at the filter", () => {
  const [x, dy, filter] = [zeros([0, 4, 4, 2]), zeros([0, 2, 2, 3]), zeros([3, 3, 2, 3])];
  const attributes = { strides: 1, pad: "valid", filterShape: [3, 3, 2, 3], inputShape: [0, 4, 4, 2] };
  expect(runKernel(Conv2DBackpropFilter, { x, dy }, attributes)).toEqual(Array(54).fill(0));
  expect(runKernel(Conv2DBackpropInput, { dy, filter }, attributes)).toEqual([]);
  for (const t of [x, dy, filter]) t.dispose();
});

test("hundreds of gradients leave neither tensors nor memory behind", () => {
  const [x, w] = [drawn<Tensor4D>(2, 9, 9, 3), drawn<Tensor4D>(3, 3, 3, 5)];
  const step = () =>
    tidy(() => {
      const both = grads((...at: Tensor[]) =>
        sum(maxPool(conv2d(at[0] as Tensor4D, at[1] as Tensor4D, 1, "same"), 3, 2, "same")),
      );
      both([x, w]);
    });
  expect(step).toLeakNothing();
  const bytes = () => (backend() as BackendWasm).typedArrayFromHeap(x).buffer.byteLength;
  const [data, before] = [backend().numDataIds(), bytes()];
  for (let i = 0; i < 300; i++) step();
  expect([backend().numDataIds(), bytes()]).toEqual([data, before]);
  x.dispose();
  w.dispose();
});

test("a kernel in place of tfjs' own keeps its set-up, for a backend that is started anew", () => {
  expect(getKernel("Sum", "wasm").setupFunc).toBeTypeOf("function");
  expect(getKernel("StridedSlice", "wasm").setupFunc).toBeTypeOf("function");
});
