import {
  batchToSpaceND,
  concat,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  engine,
  FusedConv2D,
  FusedDepthwiseConv2D,
  type NamedAttrMap,
  type NamedTensorMap,
  pad,
  reshape,
  slice,
  spaceToBatchND,
  split,
  stridedSlice,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { spreadApart } from "./spread-apart.ts";
import { sizeAlong } from "./size-along.ts";

/** How a window moves over height and width, and how the channels are grouped. */
export interface Convolution {
  readonly strides: readonly [number, number];
  /** Zeros before and after: `[[top, bottom], [left, right]]`. */
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilations: readonly [number, number];
  readonly groups: number;
}

// tfjs' kernels convolve forward whatever the window, except one per channel with both a stride and a dilation. Backward
// they know no dilation, and none knows groups other than one per input channel; all this is put around them here.

/**
 * @param x `[batch, height, width, in]`
 * @param filter `[height, width, in / groups, out]`
 * @param bias `[out]`
 * @returns `[batch, height, width, out]`
 */
export function forward(x: Tensor, filter: Tensor, bias: Tensor | null, convolution: Convolution): Tensor {
  const window = { ...windowOf(convolution), dataFormat: "NHWC", dilations: [...convolution.dilations] };
  const fused = { ...window, activation: "linear" };
  const { groups } = convolution;
  if (groups === 1) {
    if (bias === null) return run(Conv2D, { x, filter }, window);
    return run(FusedConv2D, { x, filter, bias }, fused);
  }
  if (isDepthwise(filter, sizeAlong(x, 3), groups)) {
    if (Math.max(...convolution.strides) > 1 && Math.max(...convolution.dilations) > 1) {
      const [down, right] = convolution.strides;
      const dense = forward(x, filter, bias, { ...convolution, strides: [1, 1] });
      return stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, down, right, 1]);
    }
    const perChannel = toDepthwise(filter, groups);
    if (bias === null) return run(DepthwiseConv2dNative, { x, filter: perChannel }, window);
    return run(FusedDepthwiseConv2D, { x, filter: perChannel, bias }, fused);
  }
  return inGroups(groups, [x, filter, ...(bias === null ? [] : [bias])], (own, ownFilter, ownBias) =>
    forward(own as Tensor, ownFilter as Tensor, ownBias ?? null, { ...convolution, groups: 1 }),
  );
}

/**
 * The gradient at the input: every output spreads over the window it came from.
 *
 * @param dy `[batch, height, width, out]`
 * @returns `inputShape`
 */
export function spread(
  dy: Tensor,
  filter: Tensor,
  convolution: Convolution,
  inputShape: readonly number[],
): Tensor {
  const { groups, dilations } = convolution;
  const [, , , inChannels = 1] = inputShape;
  const depthwise = isDepthwise(filter, inChannels, groups);
  if (groups > 1 && !depthwise) {
    const ownShape = [...inputShape.slice(0, 3), inChannels / groups];
    return inGroups(groups, [dy, filter], (own, ownFilter) =>
      spread(own as Tensor, ownFilter as Tensor, { ...convolution, groups: 1 }, ownShape),
    );
  }
  if (Math.max(...dilations) > 1) {
    const { block, crops, foldedShape, foldOutput, plain } = unfolding(filter, convolution, inputShape);
    const folded = spread(foldOutput(dy), filter, plain, foldedShape);
    return batchToSpaceND(folded, block, crops);
  }
  const window = { ...windowOf(convolution), inputShape: [...inputShape] };
  if (!depthwise) return run(Conv2DBackpropInput, { dy, filter }, { ...window, dataFormat: "NHWC" });
  const perChannel = toDepthwise(filter, groups);
  return run(
    DepthwiseConv2dNativeBackpropInput,
    { dy, filter: perChannel },
    { ...window, dilations: [1, 1] },
  );
}

/**
 * The gradient at the filter: how inputs and outputs go together.
 *
 * @param x `[batch, height, width, in]`
 * @param dy `[batch, height, width, out]`
 * @returns `filterShape`
 */
export function correlate(
  x: Tensor,
  dy: Tensor,
  convolution: Convolution,
  filterShape: readonly number[],
): Tensor {
  const { groups, dilations } = convolution;
  const [height = 1, width = 1, perGroup = 1, out = 1] = filterShape;
  const depthwise = groups > 1 && perGroup === 1 && groups === x.shape[3];
  if (groups > 1 && !depthwise) {
    const ownShape = [height, width, perGroup, out / groups];
    return inGroups(groups, [x, dy], (own, ownDy) =>
      correlate(own as Tensor, ownDy as Tensor, { ...convolution, groups: 1 }, ownShape),
    );
  }
  if (Math.max(...dilations) > 1) {
    const { block, crops, foldOutput, plain } = unfolding({ shape: filterShape }, convolution, x.shape);
    return correlate(spaceToBatchND(x, block, crops), foldOutput(dy), plain, filterShape);
  }
  const window = windowOf(convolution);
  if (!depthwise) {
    return run(
      Conv2DBackpropFilter,
      { x, dy },
      { ...window, dataFormat: "NHWC", filterShape: [...filterShape] },
    );
  }
  const perChannel = [height, width, groups, out / groups];
  const attributes = { ...window, dilations: [1, 1], filterShape: perChannel };
  return reshape(run(DepthwiseConv2dNativeBackpropFilter, { x, dy }, attributes), [...filterShape]);
}

function run(name: string, inputs: NamedTensorMap, attributes: NamedAttrMap): Tensor {
  return engine().runKernel(name, inputs, attributes) as Tensor;
}

function windowOf({ strides, padding: [[top, bottom], [left, right]] }: Convolution): NamedAttrMap {
  const explicit = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return { strides: [...strides], pad: explicit };
}

function isDepthwise(filter: Tensor, inChannels: number, groups: number): boolean {
  return groups > 1 && groups === inChannels && filter.shape[2] === 1;
}

/** `[height, width, 1, out]` -> `[height, width, in, multiplier]`: the same numbers in the same order. */
function toDepthwise(filter: Tensor, groups: number): Tensor {
  const [height = 1, width = 1, , out = 1] = filter.shape;
  return reshape(filter, [height, width, groups, out / groups]);
}

/** Splits the last axis of each tensor among the groups, and puts the groups' results side by side. */
function inGroups(
  groups: number,
  whole: Tensor[],
  each: (...parts: (Tensor | undefined)[]) => Tensor,
): Tensor {
  const parts = whole.map((tensor) => split(tensor, groups, tensor.rank - 1));
  return concat(
    Array.from({ length: groups }, (_, group) => each(...parts.map((part) => part[group]))),
    -1,
  );
}

/**
 * How a dilated window becomes a plain one: every `dilation`-th row and column is an image of its own, so the folded
 * batch has `dilation²` times the images, and on each the window is dense. Padding is folded in with them. Along an axis
 * with both a dilation and a stride, the outputs that the stride skips are put back as zeros first.
 */
function unfolding(
  { shape: [height = 1, width = 1] }: { readonly shape: readonly number[] },
  { strides, padding, dilations, groups }: Convolution,
  [batch = 1, rows = 1, columns = 1, channels = 1]: readonly number[],
) {
  const fit = (size: number, kernel: number, axis: 0 | 1) => {
    const dilation = dilations[axis];
    const [before, after] = padding[axis];
    const padded = Math.ceil((size + before + after) / dilation) * dilation;
    const dense = dilation > 1 ? 1 : strides[axis];
    return {
      dilation,
      crop: [before, padded - size - before] as [number, number],
      folded: padded / dilation,
      stride: dense,
      skipped: strides[axis] / dense,
      outputs: dilation > 1 ? padded - (kernel - 1) * dilation : null,
    };
  };
  const [vertical, horizontal] = [fit(rows, height, 0), fit(columns, width, 1)];
  const block = [vertical.dilation, horizontal.dilation];
  const plain: Convolution = {
    strides: [vertical.stride, horizontal.stride],
    padding: [
      [0, 0],
      [0, 0],
    ],
    dilations: [1, 1],
    groups,
  };
  return {
    block,
    crops: [vertical.crop, horizontal.crop],
    foldedShape: [
      batch * vertical.dilation * horizontal.dilation,
      vertical.folded,
      horizontal.folded,
      channels,
    ],
    plain,
    foldOutput: (dy: Tensor): Tensor => {
      const tall = fill(spreadApart(dy, 1, vertical.skipped), 1, vertical.outputs);
      const wide = fill(spreadApart(tall, 2, horizontal.skipped), 2, horizontal.outputs);
      return spaceToBatchND(wide, block, [
        [0, 0],
        [0, 0],
      ]);
    },
  };
}

/** Makes `axis` as long as `size`: with zeros at its end, or without the zeros there. */
function fill(x: Tensor, axis: number, size: number | null): Tensor {
  const found = sizeAlong(x, axis);
  if (size === null || found === size) return x;
  if (found > size) {
    const origin = x.shape.map(() => 0);
    return slice(x, origin, x.shape.with(axis, size));
  }
  return pad(
    x,
    x.shape.map((_, i) => [0, i === axis ? size - found : 0] as [number, number]),
  );
}
