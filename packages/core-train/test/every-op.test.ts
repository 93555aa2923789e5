import { readFileSync } from "node:fs";
import * as core from "@pellucid/core-train";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import {
  cast,
  tensor,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Args {
  readonly stride: never;
  readonly padding: never;
  readonly dilation: never;
  readonly groups: number;
  readonly kernelSize: number;
  readonly ceilMode: boolean;
  readonly mode: core.PadMode;
  readonly descending: boolean;
  readonly equation: string;
  readonly indices: number[];
  readonly k: number;
  readonly largest: boolean;
  readonly shift: number;
  readonly value: number;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number;
  readonly axis: number;
  readonly keepDims: boolean;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly p: number | string;
  readonly eps: number;
}

type Call = (args: Args, ...inputs: [Tensor, Tensor, Tensor]) => Tensor;

/** How a fixture's case calls each op. */
const calls: Readonly<Record<string, Call>> = {
  abs: (_, x) => core.abs(x),
  amax: ({ axis, keepDims }, x) => core.amax(x, axis, keepDims),
  amin: ({ axis, keepDims }, x) => core.amin(x, axis, keepDims),
  clamp: ({ min, max }, x) => core.clamp(x, min ?? -Infinity, max ?? Infinity),
  avgPool1d: (args, x) => core.avgPool1d(x as Tensor3D, args.kernelSize, args),
  avgPool2d: (args, x) => core.avgPool2d(x as Tensor4D, args.kernelSize, args),
  avgPool3d: (args, x) => core.avgPool3d(x as Tensor5D, args.kernelSize, args),
  conv1d: (args, x, weight, bias) =>
    core.conv1d(x as Tensor3D, weight as Tensor3D, (bias as Tensor1D | undefined) ?? null, args),
  conv2d: (args, x, weight, bias) =>
    core.conv2d(x as Tensor4D, weight as Tensor4D, (bias as Tensor1D | undefined) ?? null, args),
  conv3d: (args, x, weight, bias) =>
    core.conv3d(x as Tensor5D, weight as Tensor5D, (bias as Tensor1D | undefined) ?? null, args),
  linear: (_, x, weight, bias) => core.linear(x, weight as Tensor2D, (bias as Tensor1D | undefined) ?? null),
  logSoftmax: ({ axis }, x) => core.logSoftmax(x, axis),
  matMul: ({ transposeA, transposeB }, a, b) => core.matMul(a, b, transposeA, transposeB),
  max: ({ axis, keepDims }, x) => (axis === undefined ? core.max(x) : core.max(x, axis, keepDims).values),
  maxPool1d: (args, x) => core.maxPool1d(x as Tensor3D, args.kernelSize, args),
  maxPool2d: (args, x) => core.maxPool2d(x as Tensor4D, args.kernelSize, args),
  maxPool3d: (args, x) => core.maxPool3d(x as Tensor5D, args.kernelSize, args),
  maximum: (_, a, b) => core.maximum(a, b),
  min: ({ axis, keepDims }, x) => (axis === undefined ? core.min(x) : core.min(x, axis, keepDims).values),
  minimum: (_, a, b) => core.minimum(a, b),
  pairwiseDistance: ({ p, eps }, x1, x2) => core.pairwiseDistance(x1, x2, { p: Number(p), eps }),
  pad: ({ padding, mode, value }, x) => core.pad(x, padding, { mode, value }),
  argsort: ({ axis, descending }, x) => cast(core.argsort(x, axis, descending), "float32"),
  cumprod: ({ axis }, x) => core.cumprod(x, axis),
  cumsum: ({ axis }, x) => core.cumsum(x, axis),
  einsum: ({ equation }, ...inputs) => core.einsum(equation, ...inputs),
  expm1: (_, x) => core.expm1(x),
  log1p: (_, x) => core.log1p(x),
  logSumExp: ({ axis, keepDims }, x) => core.logSumExp(x, axis, keepDims),
  norm: ({ p, axis, keepDims }, x) => core.norm(x, Number(p), axis, keepDims),
  oneHot: ({ indices }) => core.oneHot(tensor(indices, undefined, "int32"), 3),
  prod: ({ axis, keepDims }, x) => core.prod(x, axis, keepDims),
  roll: ({ shift, axis }, x) => core.roll(x, shift, axis),
  sort: ({ axis, descending }, x) => core.sort(x, axis, descending).values,
  takeAlongAxis: ({ indices, axis }, x) => core.takeAlongAxis(x, tensor(indices, undefined, "int32"), axis),
  topk: ({ k, axis, largest }, x) => core.topk(x, k, axis, largest).values,
  softmax: ({ axis }, x) => core.softmax(x, axis),
};

const fixtures = [
  "elementary-ops",
  "convolution-ops",
  "pooling-ops",
  "padding-ops",
  "reducing-ops",
  "pairwise-distance",
];

const cases = fixtures.flatMap(
  (name) => fixture<{ cases: TorchCase<Args>[] }>(import.meta.url, `../fixtures/torch/${name}.json`).cases,
);

test("every op has a case", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const section = /\/\/ ops with PyTorch's numbers\n((?:.+\n)*)/.exec(index)?.[1] ?? "";
  const ops = [...section.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
    .filter((name) => name !== "" && !name.startsWith("type "));
  expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(ops));
});

for (const op of new Set(cases.map((c) => c.op))) {
  const found = cases.filter((c) => c.op === op);
  const call = (args: Args, inputs: Tensor[]) =>
    calls[op]?.(args, ...(inputs as [Tensor, Tensor, Tensor])) as Tensor;
  describe(op, () => {
    test.each(found.map((c) => [titleOf(c), c] as const))("agrees with PyTorch: %s", (_, c) => {
      checkAgainstTorch(c, (...inputs) => call(c.args, inputs));
    });
  });
}
