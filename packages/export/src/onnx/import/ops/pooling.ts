import {
  amax,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  pad,
  pixelShuffle,
} from "@pellucid/core-train";
import {
  div,
  mean,
  onesLike,
  reshape,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Call, OnnxOp, OnnxOps } from "../call.ts";
import { inOrder, lastChannels, OnnxValue } from "../onnx-value.ts";
import { isSymmetric, type SpatialWindow, windowOf } from "../spatial-window.ts";

type Pads = readonly (readonly [number, number])[];

interface PoolMoves {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

function largestOf(x: Tensor, kernel: readonly number[], moves: PoolMoves): Tensor {
  if (x.rank === 3) return maxPool1d(x as Tensor3D, kernel as never, moves as never);
  if (x.rank === 4) return maxPool2d(x as Tensor4D, kernel as never, moves as never);
  return maxPool3d(x as Tensor5D, kernel as never, moves as never);
}

function meanOf(x: Tensor, kernel: readonly number[], stride: readonly number[]): Tensor {
  const moves = { stride } as never;
  if (x.rank === 3) return avgPool1d(x as Tensor3D, kernel as never, moves);
  if (x.rank === 4) return avgPool2d(x as Tensor4D, kernel as never, moves);
  return avgPool3d(x as Tensor5D, kernel as never, moves);
}

/** The window of a pool, and its input with channels last. */
function poolOf(call: Call): { x: Tensor; window: SpatialWindow } {
  const value = call.input(0);
  call.refuse(value.rank >= 3 && value.rank <= 5, `its input has ${value.rank} axes`);
  const window = windowOf(call, value.shape.slice(2), call.list("kernel_shape"));
  return { x: value.channelsLast, window };
}

const around = (x: Tensor, sides: Pads, value: number): Tensor =>
  sides.some(([before, after]) => before + after > 0) ? pad(x, [[0, 0], ...sides, [0, 0]], { value }) : x;

const maxPool: OnnxOp = (call) => {
  call.refuse((call.node.outputs[1] ?? "") === "", "its indices are used");
  const { x, window } = poolOf(call);
  const { kernel, strides, dilations, reached } = window;
  const isUsual = isSymmetric(reached) && reached.every(([before], i) => before <= (kernel[i] ?? 1) / 2);
  const padding = reached.map(([before]) => (isUsual ? before : 0));
  const from = isUsual ? x : around(x, reached, -Infinity);
  const y = largestOf(from, kernel, { stride: strides, padding, dilation: dilations });
  return OnnxValue.of(y, lastChannels(x.rank));
};

/** Zeros of the padding count with `count_include_pad`; what `ceil_mode` adds beyond it never does. */
const averagePool: OnnxOp = (call) => {
  const { x, window } = poolOf(call);
  const { kernel, strides, dilations, pads, reached } = window;
  call.refuse(
    dilations.every((n) => n === 1),
    "it has dilations",
  );
  const counted = call.number("count_include_pad", 0) === 1;
  const total = meanOf(around(x, reached, 0), kernel, strides);
  const beyond = reached.map(([, after], i) => [0, after - (pads[i]?.[1] ?? 0)] as const);
  const isWhole = (counted ? beyond : reached).every(([before, after]) => before + after === 0);
  const axes = lastChannels(x.rank);
  if (isWhole) return OnnxValue.of(total, axes);
  const ones = onesLike(x);
  const inside = counted ? around(around(ones, pads, 1), beyond, 0) : around(ones, reached, 0);
  return OnnxValue.of(div(total, meanOf(inside, kernel, strides)), axes);
};

function whole(run: (x: Tensor, axes: number[]) => Tensor): OnnxOp {
  return (call) => {
    const value = call.input(0);
    const x = value.channelsLast;
    const spatial = inOrder(value.rank - 2).map((axis) => axis + 1);
    return OnnxValue.of(run(x, spatial), lastChannels(value.rank));
  };
}

/** Channels to pixels, by blocks of columns first or last. */
const toPixels: OnnxOp = (call) => {
  const value = call.input(0);
  const size = call.number("blocksize", 1);
  const [batch = 0, channels = 0, height = 0, width = 0] = value.shape;
  call.refuse(
    value.rank === 4 && size >= 1 && channels % size ** 2 === 0,
    `it cannot make blocks of ${size}`,
  );
  if (call.text("mode", "DCR", ["DCR", "CRD"]) === "CRD")
    return OnnxValue.of(pixelShuffle(value.channelsLast as Tensor4D, size), lastChannels(4));
  const left = channels / size ** 2;
  const apart = reshape(value.tensor, [batch, size, size, left, height, width]);
  const moved = transpose(apart, [0, 3, 4, 1, 5, 2]);
  return OnnxValue.of(reshape(moved, [batch, left, height * size, width * size]));
};

const toChannels: OnnxOp = (call) => {
  const value = call.input(0);
  const size = call.number("blocksize", 1);
  const [batch = 0, channels = 0, height = 0, width = 0] = value.shape;
  const fits = value.rank === 4 && size >= 1 && height % size === 0 && width % size === 0;
  call.refuse(fits, `it cannot make blocks of ${size}`);
  const apart = reshape(value.tensor, [batch, channels, height / size, size, width / size, size]);
  const moved = transpose(apart, [0, 3, 5, 1, 2, 4]);
  return OnnxValue.of(reshape(moved, [batch, channels * size ** 2, height / size, width / size]));
};

/** The ops that pool, and those between channels and pixels. */
export const poolingOps: OnnxOps = {
  AveragePool: averagePool,
  DepthToSpace: toPixels,
  GlobalAveragePool: whole((x, axes) => mean(x, axes, true)),
  GlobalMaxPool: whole((x, axes) => amax(x, axes, true)),
  MaxPool: maxPool,
  SpaceToDepth: toChannels,
};
