import {
  add,
  AvgPool,
  AvgPool3D,
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  Conv3D,
  conv3d,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
  DepthwiseConv2dNative,
  Dilation2D,
  engine,
  expandDims,
  type GradConfig,
  getGradient,
  LRN,
  maximum,
  MaxPool,
  MaxPool3D,
  MaxPoolWithArgmax,
  mul,
  type NamedAttrMap,
  pad,
  pow,
  type Rank,
  registerGradient,
  reshape,
  slice,
  square,
  type Tensor,
  type Tensor4D,
  type Tensor5D,
} from "@tensorflow/tfjs-core";
import { avgPoolImages } from "../op/avg-pool-images.ts";
import { convolve, convolveFilter, convolveInput } from "../op/convolve.ts";
import type { Convolution } from "../op/convolution-kernels.ts";
import { conv3d as convolveVolumes } from "../op/conv3d.ts";
import { maxPoolImages } from "../op/max-pool-images.ts";
import { padAlong } from "../op/pad-along.ts";
import { type PoolAxis, untouched } from "../op/pool-window.ts";
import { stridedSlice } from "../op/strided-slice.ts";
import { isNested, registerComposedGradient } from "./register-composed-gradient.ts";

type Pad = Parameters<typeof backend_util.computePool2DInfo>[4];
type Rounding = "floor" | "round" | "ceil";

interface ConvolutionSpec {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: Rounding;
}

/**
 * Gives convolution and pooling gradients of any order, with dilation too, and average pooling one that divides by what each
 * window holds. The kernels that run are those of tfjs' own gradients, where those are right.
 */
export function registerWindowGradients(): void {
  registerImageConvolutions();
  registerVolumeConvolutions();
  registerPooling();
}

function registerImageConvolutions(): void {
  unlessChannelsFirst(Conv2D, ["x", "filter"], (dy, [x, filter], spec) => {
    const window = windowOf(x.shape, filter.shape, spec, false);
    return {
      x: () => convolveInput({ dy, filter }, { ...window, inputShape: x.shape }),
      filter: () => convolveFilter({ x, dy }, { ...window, filterShape: filter.shape }),
    };
  });
  unlessChannelsFirst(Conv2DBackpropInput, ["dy", "filter"], (ddx, [dy, filter], spec) => {
    const window = windowOf(ddx.shape, filter.shape, spec, false);
    return {
      dy: () => convolve({ x: ddx, filter }, window),
      filter: () => convolveFilter({ x: ddx, dy }, { ...window, filterShape: filter.shape }),
    };
  });
  unlessChannelsFirst(Conv2DBackpropFilter, ["x", "dy"], (dFilter, [x, dy], spec) => {
    const window = windowOf(x.shape, dFilter.shape, spec, false);
    return {
      x: () => convolveInput({ dy, filter: dFilter }, { ...window, inputShape: x.shape }),
      dy: () => convolve({ x, filter: dFilter }, window),
    };
  });
  unlessChannelsFirst(DepthwiseConv2dNative, ["x", "filter"], (dy, [x, filter], spec) => {
    const [height, width, channels, times] = filter.shape;
    const window = { ...windowOf(x.shape, filter.shape, spec, true), groups: channels };
    const grouped = reshape<Rank.R4>(filter, [height, width, 1, channels * times]);
    return {
      x: () => convolveInput({ dy, filter: grouped }, { ...window, inputShape: x.shape }),
      filter: () =>
        reshape(convolveFilter({ x, dy }, { ...window, filterShape: grouped.shape }), filter.shape),
    };
  });
}

function unlessChannelsFirst(
  kernelName: string,
  inputsToSave: string[],
  gradient: (
    dy: Tensor4D,
    saved: [Tensor4D, Tensor4D],
    spec: ConvolutionSpec,
  ) => Record<string, () => Tensor>,
): void {
  const own: GradConfig | undefined = getGradient(kernelName);
  registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (dy, saved, attributes) => {
      const spec = attributes as object as ConvolutionSpec;
      if (spec.dataFormat === "NCHW" && own !== undefined) return own.gradFunc(dy, saved, attributes);
      return gradient(dy as Tensor4D, saved as [Tensor4D, Tensor4D], spec);
    },
  });
}

function windowOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad: padding, dilations = 1, dimRoundingMode }: ConvolutionSpec,
  depthwise: boolean,
): Convolution {
  const info = backend_util.computeConv2DInfo(
    [...x] as [number, number, number, number],
    [...filter] as [number, number, number, number],
    strides,
    dilations,
    padding,
    dimRoundingMode,
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    padding: [
      [top, bottom],
      [left, right],
    ],
    dilations: [info.dilationHeight, info.dilationWidth],
    groups: 1,
  };
}

interface VolumeSpec {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly dilations?: number | [number, number, number];
}

function registerVolumeConvolutions(): void {
  const run = (
    name: string,
    inputs: Record<string, Tensor>,
    { strides, pad: padding }: VolumeSpec,
    more: object,
  ) =>
    engine().runKernel(name, inputs, {
      strides,
      pad: padding,
      ...more,
    } as NamedAttrMap) as Tensor5D;
  const convolved = (x: Tensor, filter: Tensor, spec: VolumeSpec) =>
    conv3d(x as Tensor5D, filter as Tensor5D, spec.strides, spec.pad);
  registerGradient({
    kernelName: Conv3DBackpropInputV2,
    inputsToSave: ["dy", "filter"],
    gradFunc: (ddx, saved, attributes) => {
      const [dy, filter] = saved as [Tensor, Tensor];
      const [x, spec] = [ddx as Tensor, attributes as object as VolumeSpec];
      const filterShape = filter.shape;
      return {
        dy: () => convolved(x, filter, spec),
        filter: () => run(Conv3DBackpropFilterV2, { x, dy }, spec, { filterShape }),
      };
    },
  });
  registerGradient({
    kernelName: Conv3DBackpropFilterV2,
    inputsToSave: ["x", "dy"],
    gradFunc: (dFilter, saved, attributes) => {
      const [x, dy] = saved as [Tensor, Tensor];
      const [filter, spec] = [dFilter as Tensor, attributes as object as VolumeSpec];
      return {
        x: () => run(Conv3DBackpropInputV2, { dy, filter }, spec, { inputShape: x.shape }),
        dy: () => convolved(x, filter, spec),
      };
    },
  });
  registerComposedGradient<{ x: Tensor; filter: Tensor }, VolumeSpec>({
    kernelName: Conv3D,
    inputs: ["x", "filter"],
    when: ({ dilations = 1 }) => [dilations].flat().some((dilation) => dilation > 1),
    compose: ({ x, filter }, spec) => {
      const info = backend_util.computeConv3DInfo(
        x.shape as [number, number, number, number, number],
        filter.shape as [number, number, number, number, number],
        spec.strides,
        spec.dilations ?? 1,
        spec.pad,
      );
      const { front, back, top, bottom, left, right } = info.padInfo;
      const sides = [
        [front, back],
        [top, bottom],
        [left, right],
      ] as [number, number][];
      const padded = sides.reduce<Tensor>((y, side, axis) => padAlong(y, axis + 1, side), x);
      return convolveVolumes(padded as Tensor5D, filter as Tensor5D, null, {
        stride: [info.strideDepth, info.strideHeight, info.strideWidth],
        dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
      });
    },
  });
}

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

function registerPooling(): void {
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
  registerComposedGradient<{ x: Tensor; filter: Tensor }, ConvolutionSpec>({
    kernelName: Dilation2D,
    inputs: ["x", "filter"],
    when: isNested,
    compose: ({ x, filter }, spec) => dilated(x as Tensor4D, filter, spec),
  });
  registerComposedGradient<{ x: Tensor }, NormSpec>({
    kernelName: LRN,
    inputs: ["x"],
    when: isNested,
    compose: ({ x }, spec) => normalized(x, spec),
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
  return { kernel, stride, dilation: 1, before, after, input, output };
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

/** The largest of what each tap of the filter sees and adds to. */
function dilated(
  x: Tensor4D,
  filter: Tensor,
  { strides, pad: padding, dilations = 1 }: ConvolutionSpec,
): Tensor {
  const [height = 1, width = 1, channels = 1] = filter.shape;
  const info = backend_util.computeDilation2DInfo(
    x.shape,
    filter.shape as [number, number, number],
    strides,
    padding as "same" | "valid",
    "NHWC",
    dilations,
  );
  const { top, bottom, left, right } = info.padInfo;
  const padded = pad(
    x,
    [
      [0, 0],
      [top, bottom + height],
      [left, right + width],
      [0, 0],
    ],
    -1e30,
  );
  const taps = Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const down = stridedSlice(padded, 1, row * info.dilationHeight, info.outHeight, info.strideHeight);
    const seen = stridedSlice(down, 2, column * info.dilationWidth, info.outWidth, info.strideWidth);
    const weight = slice(filter, [row, column, 0], [1, 1, channels]);
    return add(seen, expandDims(weight, 0)) as Tensor;
  });
  return taps.reduce((largest, tap) => maximum(largest, tap));
}

interface NormSpec {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** Each channel over a power of the squares of its neighbors (Krizhevsky et al., 2012, section 3.3). */
function normalized(x: Tensor, { depthRadius: reach, bias, alpha, beta }: NormSpec): Tensor {
  const channels = x.shape[3] as number;
  const padded = padAlong(square(x), 3, [reach, reach]);
  const parts = Array.from({ length: 2 * reach + 1 }, (_, i) => stridedSlice(padded, 3, i, channels, 1));
  const squares = parts.reduce((sum, part) => add(sum, part));
  return mul(x, pow(add(mul(squares, alpha), bias), -beta));
}
