import {
  AvgPool,
  AvgPoolGrad,
  engine,
  mul,
  pad,
  stridedSlice,
  type Tensor,
  tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { traceable } from "../trace/traceable.ts";
import { defineOp } from "./define-op.ts";
import type { PoolAxis } from "./pool-window.ts";

/** The layout of the windows over height and width, with tfjs' names, so that its kernels accept it. */
interface AvgWindow {
  readonly filterSize: readonly [number, number];
  readonly strides: readonly [number, number];
}

/** Options for the divisor of a window's sum. */
export interface AvgPoolDivisor {
  /** Whether the count includes the zeros of the padding. Default: true. */
  readonly countIncludePad?: boolean;
  /** The divisor to use instead of the count. */
  readonly divisorOverride?: number | null;
}

// Average pooling and its gradient are linear, and each is the gradient of the other.

const average = defineOp({
  name: "PellucidAvgPool2d",
  inputs: { x: "float32[batch, height, width, channel]" },
  reference: ({ x }, window: AvgWindow): Tensor4D => {
    const [down, right] = window.strides;
    // WASM's kernel leaves the output of 1 x 1 windows uninitialized.
    if (isPoint(window)) return stridedSlice(x, [0, 0, 0, 0], x.shape, [1, down, right, 1]) as Tensor4D;
    return engine().runKernel(AvgPool, { x }, attributesOf(window)) as Tensor4D;
  },
  gradient: (dy, { x }, window) => ({ x: (): Tensor => averageGradient({ dy, input: x }, window) }),
});

export const averageGradient = defineOp({
  name: "PellucidAvgPool2dGradient",
  inputs: { dy: "float32[batch, height, width, channel]", input: "float32[batch, height, width, channel]" },
  reference: ({ dy, input }, window: AvgWindow): Tensor4D =>
    engine().runKernel(AvgPoolGrad, { dy, input }, attributesOf(window)) as Tensor4D,
  gradient: (ddx, _, window) => ({ dy: (): Tensor => average({ x: ddx }, window) }),
});

function isPoint({ filterSize: [height, width] }: AvgWindow): boolean {
  return height * width === 1;
}

function attributesOf({ filterSize, strides }: AvgWindow) {
  return { filterSize: [...filterSize], strides: [...strides], pad: "valid" };
}

/** The mean over windows of `[batch, height, width, channel]`. */
export function avgPoolImages(
  x: Tensor4D,
  axes: readonly [PoolAxis, PoolAxis],
  { countIncludePad = true, divisorOverride = null }: AvgPoolDivisor,
): Tensor4D {
  const attributes = {
    kernel: axes.map(({ kernel }) => kernel),
    stride: axes.map(({ stride }) => stride),
    padding: axes.map(({ before }) => before),
    end: axes.map(({ end }) => end),
    countIncludePad,
    divisorOverride,
  };
  return traceable("avgPool2d", { x }, attributes, () => pool(x, axes, { countIncludePad, divisorOverride }));
}

function pool(
  x: Tensor4D,
  [vertical, horizontal]: readonly [PoolAxis, PoolAxis],
  { countIncludePad, divisorOverride }: Required<AvgPoolDivisor>,
): Tensor4D {
  const sides: [number, number][] = [
    [0, 0],
    [vertical.before, vertical.after],
    [horizontal.before, horizontal.after],
    [0, 0],
  ];
  const padded = sides.some(([before, after]) => before + after > 0) ? pad(x, sides) : x;
  const y = average(
    { x: padded },
    {
      filterSize: [vertical.kernel, horizontal.kernel],
      strides: [vertical.stride, horizontal.stride],
    },
  ); // [batch, height, width, channel]
  const area = vertical.kernel * horizontal.kernel;
  if (divisorOverride !== null) return mul(y, area / divisorOverride);
  const [down, across] = [counts(vertical, countIncludePad), counts(horizontal, countIncludePad)];
  const scales = down.flatMap((rows) => across.map((columns) => area / (rows * columns)));
  if (scales.every((scale) => scale === 1)) return y;
  return mul(y, tensor(scales, [1, down.length, across.length, 1])); //                [batch, height, width, channel]
}

/** The number of elements that each window counts along one axis. */
function counts({ kernel, stride, before, input, output }: PoolAxis, countIncludePad: boolean): number[] {
  const [first, end] = countIncludePad ? [-before, input + before] : [0, input];
  return Array.from({ length: output }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + kernel, end) - Math.max(start, first);
  });
}
