import type { TorchCase } from "@pellucid/testing";
import * as tf from "@tensorflow/tfjs-core";

type T = tf.Tensor;

/** The options and numbers of all of them. */
export interface TfjsArgs {
  readonly axis: number;
  readonly begin: number[];
  readonly condition: number[];
  readonly count: number;
  readonly dilation: number;
  readonly end: number[];
  readonly equation: string;
  readonly exponent: number;
  readonly indices: number[] & number[][];
  readonly k: number;
  readonly keepDims: boolean;
  readonly max: number;
  readonly min: number;
  readonly ord: number;
  readonly pad: number;
  readonly paddings: [number, number][];
  readonly part: number;
  readonly perm: number[];
  readonly reps: number[];
  readonly rounding: "ceil" | undefined;
  readonly shape: number[];
  readonly size: number[] & number;
  readonly sizes: number[];
  readonly stride: number;
  readonly strides: number[];
}

/** What PyTorch's numbers are compared with, where it is not the function of the same name with the inputs alone. */
const calls: Readonly<Record<string, (args: TfjsArgs, ...inputs: [T, T, T]) => T>> = {
  addN: (_, ...inputs) => tf.addN(inputs),
  argMax: ({ axis }, x) => tf.cast(tf.argMax(x, axis), "float32"),
  argMin: ({ axis }, x) => tf.cast(tf.argMin(x, axis), "float32"),
  avgPool: ({ size, stride, pad }, x) => tf.avgPool(x as tf.Tensor4D, size, stride, pad),
  broadcastTo: ({ shape }, x) => tf.broadcastTo(x, shape as [number]),
  cast: (_, x) => tf.cast(x, "float32"),
  clipByValue: ({ min, max }, x) => tf.clipByValue(x, min, max),
  concat: ({ axis }, x, y) => tf.concat([x, y], axis),
  conv1d: ({ stride, pad, dilation }, x, w) =>
    tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, stride, pad, "NWC", dilation),
  conv2d: ({ stride, pad, dilation }, x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", dilation),
  cumprod: ({ axis }, x) => tf.cumprod(x, axis),
  cumsum: ({ axis }, x) => tf.cumsum(x, axis),
  depthwiseConv2d: ({ stride, pad, dilation }, x, w) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, "NHWC", dilation),
  dot: (_, x, y) => tf.dot(x, y),
  einsum: ({ equation }, x, y) => tf.einsum(equation, x, y),
  equal: (_, x, y) => tf.cast(tf.equal(x, y), "float32"),
  euclideanNorm: ({ axis }, x) => tf.euclideanNorm(x, axis),
  expandDims: ({ axis }, x) => tf.expandDims(x, axis),
  gather: ({ indices, axis }, x) => tf.gather(x, tf.tensor1d(indices, "int32"), axis),
  gatherND: ({ indices }, x) => tf.gatherND(x, tf.tensor2d(indices, undefined, "int32")),
  greater: (_, x, y) => tf.cast(tf.greater(x, y), "float32"),
  greaterEqual: (_, x, y) => tf.cast(tf.greaterEqual(x, y), "float32"),
  less: (_, x, y) => tf.cast(tf.less(x, y), "float32"),
  lessEqual: (_, x, y) => tf.cast(tf.lessEqual(x, y), "float32"),
  logSoftmax: ({ axis }, x) => tf.logSoftmax(x, axis),
  logSumExp: ({ axis, keepDims }, x) => tf.logSumExp(x, axis, keepDims),
  matMul: (_, x, y) => tf.matMul(x, y),
  max: ({ axis, keepDims }, x) => tf.max(x, axis, keepDims),
  maxPool: ({ size, stride, pad, rounding }, x) => tf.maxPool(x as tf.Tensor4D, size, stride, pad, rounding),
  mean: ({ axis, keepDims }, x) => tf.mean(x, axis, keepDims),
  min: ({ axis, keepDims }, x) => tf.min(x, axis, keepDims),
  mirrorPad: ({ paddings }, x) => tf.mirrorPad(x, paddings, "reflect"),
  norm: ({ ord, axis }, x) => tf.norm(x, ord, axis),
  notEqual: (_, x, y) => tf.cast(tf.notEqual(x, y), "float32"),
  pad: ({ paddings }, x) => tf.pad(x, paddings),
  pow: ({ exponent }, x, y) => tf.pow(x, exponent ?? y),
  prod: ({ axis, keepDims }, x) => tf.prod(x, axis, keepDims),
  reshape: ({ shape }, x) => tf.reshape(x, shape),
  resizeBilinear: ({ size }, x) => tf.image.resizeBilinear(x as tf.Tensor4D, pair(size), false, true),
  resizeNearestNeighbor: ({ size }, x) =>
    tf.image.resizeNearestNeighbor(x as tf.Tensor4D, pair(size), false, true),
  reverse: ({ axis }, x) => tf.reverse(x, axis),
  slice: ({ begin, size }, x) => tf.slice(x, begin, size),
  softmax: ({ axis }, x) => tf.softmax(x, axis),
  split: ({ sizes, axis, part }, x) => tf.split(x, sizes, axis)[part] as T,
  squeeze: ({ axis }, x) => tf.squeeze(x, [axis].flat()),
  stack: ({ axis }, x, y) => tf.stack([x, y], axis),
  stridedSlice: ({ begin, end, strides }, x) => tf.stridedSlice(x, begin, end, strides),
  sum: ({ axis, keepDims }, x) => tf.sum(x, axis, keepDims),
  tile: ({ reps }, x) => tf.tile(x, reps),
  topk: ({ k }, x) => tf.topk(x, k).values,
  transpose: ({ perm }, x) => tf.transpose(x, perm),
  all: ({ axis }, x) => tf.cast(tf.all(tf.greater(x, 0), axis), "float32"),
  any: ({ axis }, x) => tf.cast(tf.any(tf.greater(x, 0), axis), "float32"),
  isFinite: (_, x) => tf.cast(tf.isFinite(x), "float32"),
  isInf: (_, x) => tf.cast(tf.isInf(x), "float32"),
  isNaN: (_, x) => tf.cast(tf.isNaN(x), "float32"),
  logicalAnd: (_, x, y) => tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.greater(y, 0)), "float32"),
  logicalNot: (_, x) => tf.cast(tf.logicalNot(tf.greater(x, 0)), "float32"),
  logicalOr: (_, x, y) => tf.cast(tf.logicalOr(tf.greater(x, 0), tf.greater(y, 0)), "float32"),
  logicalXor: (_, x, y) => tf.cast(tf.logicalXor(tf.greater(x, 0), tf.greater(y, 0)), "float32"),
  scatterND: ({ indices, shape }, x) => tf.scatterND(tf.tensor2d(indices, undefined, "int32"), x, shape),
  unsortedSegmentSum: ({ indices, count }, x) =>
    tf.unsortedSegmentSum(x, tf.tensor1d(indices, "int32"), count),
  unstack: ({ axis, part }, x) => tf.unstack(x, axis)[part] as T,
  where: ({ condition }, x, y) => tf.where(tf.tensor1d(condition, "bool"), x, y),
};

const pair = ([height = 1, width = 1]: readonly number[]): [number, number] => [height, width];

/** How a case calls tfjs. */
export function tfjsOp({ op, args }: TorchCase<TfjsArgs>): (...inputs: T[]) => T {
  const ops: Readonly<Record<string, unknown>> = tf;
  const plain = ops[op] as (...inputs: T[]) => T;
  const own = calls[op];
  return own === undefined ? plain : (...inputs) => own(args, ...(inputs as [T, T, T]));
}

/** What lint lets packages import from tfjs-core, read from its settings. */
export function allowedOps(source: string): ReadonlySet<string> {
  const { rules } = JSON.parse(source) as {
    rules: { "no-restricted-imports": [string, { paths: { name: string; allowImportNames?: string[] }[] }] };
  };
  const [, { paths }] = rules["no-restricted-imports"];
  return new Set(paths.find(({ name }) => name === "@tensorflow/tfjs-core")?.allowImportNames);
}
