import {
  AvgPool,
  AvgPool3D,
  backend_util,
  MaxPool,
  MaxPool3D,
  MaxPoolWithArgmax,
  type Rank,
  reshape,
  type Tensor,
  type Tensor4D,
  type Tensor5D,
} from "@tensorflow/tfjs-core";
import { avgPoolImages } from "../op/avg-pool-images.ts";
import { maxPoolImages } from "../op/max-pool-images.ts";
import { type PoolAxis, untouched } from "../op/pool-window.ts";
import { isNested, registerComposedGradient } from "./register-composed-gradient.ts";

type Pad = Parameters<typeof backend_util.computePool2DInfo>[4];
type Rounding = "floor" | "round" | "ceil";

interface PoolSpec {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: Pad;
  readonly dimRoundingMode?: Rounding;
}

interface VolumePoolSpec {
  readonly filterSize: number | [number, number, number];
  readonly strides: number | [number, number, number];
  readonly pad: Pad & ("valid" | "same" | number);
  readonly dimRoundingMode?: Rounding;
}

/**
 * Gives pooling gradients of any order, and average pooling one that divides by what each window holds. The kernels that run are those
 * of tfjs' own gradients, where those are right.
 */
export function registerPoolingGradients(): void {
  const exact = { countIncludePad: false };
  registerComposedGradient<{ x: Tensor }, PoolSpec>({
    kernelName: AvgPool,
    inputs: ["x"],
    compose: ({ x }, spec) => avgPoolImages(x as Tensor4D, poolAxes(x.shape, spec), exact),
  });
  registerComposedGradient<{ x: Tensor }, PoolSpec>({
    kernelName: MaxPool,
    inputs: ["x"],
    when: isNested, // tfjs' kernel for the first order is right, but has no gradient
    compose: ({ x }, spec) => maxPoolImages(x as Tensor4D, poolAxes(x.shape, spec)),
  });
  registerComposedGradient<{ x: Tensor }, PoolSpec>({
    kernelName: MaxPoolWithArgmax,
    inputs: ["x"],
    compose: ({ x }, spec) => maxPoolImages(x as Tensor4D, poolAxes(x.shape, spec)),
  });
  registerComposedGradient<{ x: Tensor }, VolumePoolSpec>({
    kernelName: AvgPool3D,
    inputs: ["x"],
    compose: ({ x }, spec) =>
      inTwoPasses(x as Tensor5D, volumeAxes(x.shape, spec), (images, axes) =>
        avgPoolImages(images, axes, exact),
      ),
  });
  registerComposedGradient<{ x: Tensor }, VolumePoolSpec>({
    kernelName: MaxPool3D,
    inputs: ["x"],
    when: isNested,
    compose: ({ x }, spec) => inTwoPasses(x as Tensor5D, volumeAxes(x.shape, spec), maxPoolImages),
  });
}

function poolAxes(shape: readonly number[], spec: PoolSpec): [PoolAxis, PoolAxis] {
  const info = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    spec.filterSize,
    spec.strides,
    1,
    spec.pad,
    spec.dimRoundingMode,
  );
  const { top, left } = info.padInfo;
  return [
    axisOf(info.filterHeight, info.strideHeight, top, info.inHeight, info.outHeight),
    axisOf(info.filterWidth, info.strideWidth, left, info.inWidth, info.outWidth),
  ];
}

function volumeAxes(shape: readonly number[], spec: VolumePoolSpec): [PoolAxis, PoolAxis, PoolAxis] {
  const info = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    spec.filterSize,
    spec.strides,
    1,
    spec.pad,
    spec.dimRoundingMode,
  );
  const { front, top, left } = info.padInfo;
  return [
    axisOf(info.filterDepth, info.strideDepth, front, info.inDepth, info.outDepth),
    axisOf(info.filterHeight, info.strideHeight, top, info.inHeight, info.outHeight),
    axisOf(info.filterWidth, info.strideWidth, left, info.inWidth, info.outWidth),
  ];
}

function axisOf(kernel: number, stride: number, before: number, input: number, output: number): PoolAxis {
  const after = Math.max(0, (output - 1) * stride + kernel - input - before);
  return { kernel, stride, dilation: 1, before, after, end: after, input, output };
}

/** Pools each slice, and then over the slices. */
function inTwoPasses(
  x: Tensor5D,
  [deep, vertical, horizontal]: [PoolAxis, PoolAxis, PoolAxis],
  pool: (images: Tensor4D, axes: [PoolAxis, PoolAxis]) => Tensor4D,
): Tensor {
  const [batch, depth, height, width, channels] = x.shape;
  const flat = pool(reshape<Rank.R4>(x, [batch * depth, height, width, channels]), [vertical, horizontal]);
  const area = vertical.output * horizontal.output;
  const columns = reshape<Rank.R4>(flat, [batch, depth, area, channels]);
  const y = pool(columns, [deep, untouched(area)]);
  return reshape(y, [batch, deep.output, vertical.output, horizontal.output, channels]);
}
