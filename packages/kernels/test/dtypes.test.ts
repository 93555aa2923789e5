import { useBackend } from "@pellucid/backends";
import {
  adam,
  avgPool2d,
  celu,
  conv2d,
  DtypeError,
  elu,
  gelu,
  hardshrink,
  hardswish,
  LayerNorm,
  linear,
  logSoftmax,
  maxPool2d,
  Optimizer,
  parameter,
  RMSNorm,
  selu,
  silu,
  softmax,
  softplus,
} from "@pellucid/core-train";
import {
  cast,
  dilation2d,
  engine,
  maxPool,
  ones,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const images = () => ones([1, 4, 4, 2], "int32") as Tensor4D;

/** Ops that have a kernel on WASM, given int32 where they compute float32. */
const ops: Record<string, () => unknown> = {
  "adam: gradient": () => {
    const weight = parameter({ data: Float32Array.of(1, 2), shape: [2] });
    const optimizer = new Optimizer(adam({ learningRate: 0.1 }), { weight });
    optimizer.step({ weight: tensor1d([1, 2], "int32") });
  },
  "avgPool2d: x": () => avgPool2d(images(), 2),
  "conv2d: x": () => conv2d(images(), ones([2, 2, 2, 3]) as Tensor4D, ones([3]) as Tensor1D),
  "celu: x": () => celu(images()),
  "elu: x": () => elu(images()),
  "selu: x": () => selu(images()),
  "hardshrink: x": () => hardshrink(images()),
  "hardswish: x": () => hardswish(images()),
  "softmax: x": () => softmax(images()),
  "logSoftmax: x": () => logSoftmax(images()),
  "gelu: x": () => gelu(images(), { approximate: "tanh" }),
  "layerNorm: x": () => new LayerNorm(2).forward(images()),
  "linear: weight": () =>
    linear(ones([2, 3]), cast(ones([3, 2]), "int32") as Tensor2D, ones([2]) as Tensor1D),
  "maxPool2d: x": () => maxPool2d(images(), 2),
  "rmsNorm: x": () => new RMSNorm(2).forward(images()),
  "silu: x": () => silu(images()),
  "softplus: x": () => softplus(images()),
};

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(Object.entries(ops))("int32 is refused where float32 is expected, %s", (named, run) => {
    expect(run).toThrow(DtypeError);
    expect(run).toThrow(`${named} is int32, expected float32. Cast it: cast(`);
  });
});

test.each([elu, celu, selu])("bool is refused where float32 is expected, %#", async (activation) => {
  for (const only of ["cpu", "wasm"] as const) {
    await useBackend({ only });
    expect(() => activation(ones([3], "bool"))).toThrow("x is bool, expected float32");
  }
});

describe("kernels on WASM that stand in for tfjs' own refuse bytes that are not floats", () => {
  beforeAll(() => useBackend({ only: "wasm" }));

  test.each<[string, () => Tensor]>([
    ["MaxPool: x is int32", () => maxPool(images(), 2, 2, "valid")],
    ["Dilation2D: x is int32", () => dilation2d(images(), ones([2, 2, 2]) as Tensor3D, 1, "valid")],
    [
      "Conv2D: filter is int32",
      () =>
        engine().runKernel<Tensor>(
          "Conv2D",
          { x: zeros([1, 4, 4, 2]), filter: ones([2, 2, 2, 3], "int32") },
          { strides: 1, pad: "valid" },
        ),
    ],
  ])("%s", (message, run) => {
    expect(run).toThrow(TypeError);
    expect(run).toThrow(`${message}, expected float32 on WASM. Cast it: cast(`);
  });
});
