import * as core from "@pellucid/core-train";
import {
  cast,
  tensor,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";

/** The options and numbers of all of them. */
export interface OpArgs {
  readonly alignCorners: boolean;
  readonly antialias: boolean;
  readonly axis: number;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly descending: boolean;
  readonly dilation: never;
  readonly divisorOverride: number;
  readonly eps: number;
  readonly equation: string;
  readonly factor: number;
  readonly groups: number;
  readonly indices: number[];
  readonly k: number;
  readonly keepDims: boolean;
  readonly kernelSize: number;
  readonly largest: boolean;
  readonly max: number | null;
  readonly min: number | null;
  readonly mode: core.PadMode | core.InterpolationMode;
  readonly normType: number;
  readonly part: "indices";
  readonly paddingMode: "zeros" | "border" | "reflection";
  readonly outputPadding: never;
  readonly outputRatio: never;
  readonly outputSize: never;
  readonly p: number | string;
  readonly padding: never;
  readonly scaleFactor: number;
  readonly shift: number;
  readonly size: number;
  readonly stride: never;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly value: number;
}

/** The maxima, or their indices. */
function partOf({ part }: OpArgs, { values, indices }: core.Extremes): Tensor {
  return part === "indices" ? cast(indices, "float32") : values;
}

/** The window's options, without what else a case has. */
const windowOf = (args: OpArgs) =>
  Object.fromEntries(
    Object.entries(args).filter(([name]) => name !== "kernelSize" && name !== "part"),
  ) as Omit<OpArgs, "kernelSize" | "part">;

type Call = (args: OpArgs, ...inputs: [Tensor, Tensor, Tensor]) => Tensor;

/** How a fixture's case calls each op. */
export const ops: Readonly<Record<string, Call>> = {
  abs: (_, x) => core.abs(x),
  sign: (_, x) => core.sign(x),
  adaptiveAvgPool1d: ({ outputSize }, x) => core.adaptiveAvgPool1d(x as Tensor3D, outputSize),
  adaptiveAvgPool2d: ({ outputSize }, x) => core.adaptiveAvgPool2d(x as Tensor4D, outputSize),
  adaptiveAvgPool3d: ({ outputSize }, x) => core.adaptiveAvgPool3d(x as Tensor5D, outputSize),
  adaptiveMaxPool1dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.adaptiveMaxPool1dWithIndices(x as Tensor3D, args.outputSize))),
  adaptiveMaxPool1d: ({ outputSize }, x) => core.adaptiveMaxPool1d(x as Tensor3D, outputSize),
  adaptiveMaxPool2dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.adaptiveMaxPool2dWithIndices(x as Tensor4D, args.outputSize))),
  adaptiveMaxPool2d: ({ outputSize }, x) => core.adaptiveMaxPool2d(x as Tensor4D, outputSize),
  adaptiveMaxPool3dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.adaptiveMaxPool3dWithIndices(x as Tensor5D, args.outputSize))),
  adaptiveMaxPool3d: ({ outputSize }, x) => core.adaptiveMaxPool3d(x as Tensor5D, outputSize),
  affineGrid: ({ outputSize, alignCorners }, theta) =>
    core.affineGrid(theta as Tensor3D, outputSize, { alignCorners }),
  amax: ({ axis, keepDims }, x) => core.amax(x, axis, keepDims),
  amin: ({ axis, keepDims }, x) => core.amin(x, axis, keepDims),
  argsort: ({ axis, descending }, x) => tidy(() => cast(core.argsort(x, axis, descending), "float32")),
  avgPool1d: (args, x) => core.avgPool1d(x as Tensor3D, args.kernelSize, windowOf(args)),
  avgPool2d: (args, x) => core.avgPool2d(x as Tensor4D, args.kernelSize, windowOf(args)),
  avgPool3d: (args, x) => core.avgPool3d(x as Tensor5D, args.kernelSize, windowOf(args)),
  channelShuffle: ({ groups }, x) => core.channelShuffle(x, groups),
  clamp: ({ min, max }, x) => core.clamp(x, min ?? -Infinity, max ?? Infinity),
  conv1d: (args, x, weight, bias) =>
    core.conv1d(x as Tensor3D, weight as Tensor3D, (bias as Tensor1D | undefined) ?? null, args),
  conv2d: (args, x, weight, bias) =>
    core.conv2d(x as Tensor4D, weight as Tensor4D, (bias as Tensor1D | undefined) ?? null, args),
  conv3d: (args, x, weight, bias) =>
    core.conv3d(x as Tensor5D, weight as Tensor5D, (bias as Tensor1D | undefined) ?? null, args),
  convTranspose1d: (args, x, weight, bias) =>
    core.convTranspose1d(x as Tensor3D, weight as Tensor3D, (bias as Tensor1D | undefined) ?? null, args),
  convTranspose2d: (args, x, weight, bias) =>
    core.convTranspose2d(x as Tensor4D, weight as Tensor4D, (bias as Tensor1D | undefined) ?? null, args),
  convTranspose3d: (args, x, weight, bias) =>
    core.convTranspose3d(x as Tensor5D, weight as Tensor5D, (bias as Tensor1D | undefined) ?? null, args),
  cumprod: ({ axis }, x) => core.cumprod(x, axis),
  cumsum: ({ axis }, x) => core.cumsum(x, axis),
  einsum: ({ equation }, ...inputs) => core.einsum(equation, ...inputs),
  expm1: (_, x) => core.expm1(x),
  fold: ({ outputSize, kernelSize, ...options }, x) =>
    core.fold(x as Tensor3D, outputSize, kernelSize, options),
  fractionalMaxPool2d: (args, x) =>
    core.fractionalMaxPool2d(x as Tensor4D, args.kernelSize, { ...windowOf(args), rng: new core.Rng(0) }),
  fractionalMaxPool2dWithIndices: (args, x) =>
    tidy(() => {
      const options = { ...windowOf(args), rng: new core.Rng(0) };
      return partOf(args, core.fractionalMaxPool2dWithIndices(x as Tensor4D, args.kernelSize, options));
    }),
  fractionalMaxPool3d: (args, x) =>
    core.fractionalMaxPool3d(x as Tensor5D, args.kernelSize, { ...windowOf(args), rng: new core.Rng(0) }),
  fractionalMaxPool3dWithIndices: (args, x) =>
    tidy(() => {
      const options = { ...windowOf(args), rng: new core.Rng(0) };
      return partOf(args, core.fractionalMaxPool3dWithIndices(x as Tensor5D, args.kernelSize, options));
    }),
  gridSample: (args, x, grid) =>
    core.gridSample(x as Tensor4D, grid as Tensor4D, { ...args, mode: args.mode as "nearest" }),
  interpolate: (args, x) =>
    core.interpolate(x as Tensor4D, { ...args, mode: args.mode as core.InterpolationMode }),
  linear: (_, x, weight, bias) => core.linear(x, weight as Tensor2D, (bias as Tensor1D | undefined) ?? null),
  log1p: (_, x) => core.log1p(x),
  logSoftmax: ({ axis }, x) => core.logSoftmax(x, axis),
  logSumExp: ({ axis, keepDims }, x) => core.logSumExp(x, axis, keepDims),
  lpPool1d: ({ normType, kernelSize, ...options }, x) =>
    core.lpPool1d(x as Tensor3D, normType, kernelSize, options),
  lpPool2d: ({ normType, kernelSize, ...options }, x) =>
    core.lpPool2d(x as Tensor4D, normType, kernelSize, options),
  lpPool3d: ({ normType, kernelSize, ...options }, x) =>
    core.lpPool3d(x as Tensor5D, normType, kernelSize, options),
  matMul: ({ transposeA, transposeB }, a, b) => core.matMul(a, b, transposeA, transposeB),
  max: ({ axis, keepDims }, x) =>
    axis === undefined ? core.max(x) : tidy(() => core.max(x, axis, keepDims).values),
  maximum: (_, a, b) => core.maximum(a, b),
  maxPool1dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.maxPool1dWithIndices(x as Tensor3D, args.kernelSize, windowOf(args)))),
  maxUnpool1d: ({ outputSize, kernelSize, ...args }, x) =>
    tidy(() => {
      const pooled = core.maxPool1dWithIndices(x as Tensor3D, kernelSize, args);
      return core.maxUnpool1d(pooled, kernelSize, { ...args, outputSize });
    }),
  maxPool1d: (args, x) => core.maxPool1d(x as Tensor3D, args.kernelSize, windowOf(args)),
  maxPool2dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.maxPool2dWithIndices(x as Tensor4D, args.kernelSize, windowOf(args)))),
  maxUnpool2d: ({ outputSize, kernelSize, ...args }, x) =>
    tidy(() => {
      const pooled = core.maxPool2dWithIndices(x as Tensor4D, kernelSize, args);
      return core.maxUnpool2d(pooled, kernelSize, { ...args, outputSize });
    }),
  maxPool2d: (args, x) => core.maxPool2d(x as Tensor4D, args.kernelSize, windowOf(args)),
  maxPool3dWithIndices: (args, x) =>
    tidy(() => partOf(args, core.maxPool3dWithIndices(x as Tensor5D, args.kernelSize, windowOf(args)))),
  maxUnpool3d: ({ outputSize, kernelSize, ...args }, x) =>
    tidy(() => {
      const pooled = core.maxPool3dWithIndices(x as Tensor5D, kernelSize, args);
      return core.maxUnpool3d(pooled, kernelSize, { ...args, outputSize });
    }),
  maxPool3d: (args, x) => core.maxPool3d(x as Tensor5D, args.kernelSize, windowOf(args)),
  min: ({ axis, keepDims }, x) =>
    axis === undefined ? core.min(x) : tidy(() => core.min(x, axis, keepDims).values),
  minimum: (_, a, b) => core.minimum(a, b),
  norm: ({ p, axis, keepDims }, x) => core.norm(x, Number(p), axis, keepDims),
  normalizeVectors: ({ p, axis, eps }, x) => core.normalizeVectors(x, { p: Number(p), axis, eps }),
  oneHot: ({ indices }) => tidy(() => core.oneHot(tensor(indices, undefined, "int32"), 3)),
  pad: ({ padding, mode, value }, x) => core.pad(x, padding, { mode: mode as core.PadMode, value }),
  pairwiseDistance: ({ p, eps }, x1, x2) => core.pairwiseDistance(x1, x2, { p: Number(p), eps }),
  pdist: ({ p }, x) => core.pdist(x as Tensor2D, { p: Number(p) }),
  pixelShuffle: ({ factor }, x) => core.pixelShuffle(x as Tensor4D, factor),
  pixelUnshuffle: ({ factor }, x) => core.pixelUnshuffle(x as Tensor4D, factor),
  prod: ({ axis, keepDims }, x) => core.prod(x, axis, keepDims),
  roll: ({ shift, axis }, x) => core.roll(x, shift, axis),
  softmax: ({ axis }, x) => core.softmax(x, axis),
  sort: ({ axis, descending }, x) => tidy(() => core.sort(x, axis, descending).values),
  takeAlongAxis: ({ indices, axis }, x) =>
    tidy(() => core.takeAlongAxis(x, tensor(indices, undefined, "int32"), axis)),
  topk: ({ k, axis, largest }, x) => tidy(() => core.topk(x, k, axis, largest).values),
  unfold: ({ kernelSize, ...options }, x) => core.unfold(x as Tensor4D, kernelSize, options),
};
