import {
  AvgPool,
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  div,
  engine,
  FusedConv2D,
  FusedDepthwiseConv2D,
  MaxPool,
  type NamedAttrMap,
  ones,
  pad,
  slice,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";

type Four = [number, number, number, number];

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: string;
  readonly filterSize?: number | [number, number];
  readonly filterShape?: Four;
  readonly inputShape?: Four;
}

type Inputs = Record<string, Tensor>;
type Sides = [number, number][];

// TensorFlow knows no padding but none and as much as keeps the size. Here the padding is put around the image, or cut off
// what comes back.

const isNamed = ({ pad: padding, dataFormat }: Attributes) =>
  typeof padding === "string" || dataFormat === "NCHW";

const forward = [Conv2D, FusedConv2D, DepthwiseConv2dNative, FusedDepthwiseConv2D].map((name) =>
  defineComposedKernel<Inputs, Attributes>(name, (inputs, attributes) => {
    if (isNamed(attributes)) return null;
    const { x, filter } = inputs as { x: Tensor; filter: Tensor };
    const sides = sidesOf(x.shape as Four, filter.shape as Four, attributes, name.includes("Depthwise"));
    return run(name, { ...inputs, x: pad(x, sides) }, { ...attributes, pad: "valid" });
  }),
);

const atFilter = [Conv2DBackpropFilter, DepthwiseConv2dNativeBackpropFilter].map((name) =>
  defineComposedKernel<Inputs, Attributes>(name, (inputs, attributes) => {
    if (isNamed(attributes)) return null;
    const { x } = inputs as { x: Tensor };
    const sides = sidesOf(
      x.shape as Four,
      attributes.filterShape as Four,
      attributes,
      name.includes("Depthwise"),
    );
    return run(name, { ...inputs, x: pad(x, sides) }, { ...attributes, pad: "valid" });
  }),
);

const atInput = [Conv2DBackpropInput, DepthwiseConv2dNativeBackpropInput].map((name) =>
  defineComposedKernel<Inputs, Attributes>(name, (inputs, attributes) => {
    if (isNamed(attributes)) return null;
    const shape = attributes.inputShape as Four;
    const { filter } = inputs as { filter: Tensor };
    const sides = sidesOf(shape, filter.shape as Four, attributes, name.includes("Depthwise"));
    const inputShape = shape.map((size, axis) => size + (sides[axis]?.[0] ?? 0) + (sides[axis]?.[1] ?? 0));
    const whole = run(name, inputs, { ...attributes, pad: "valid", inputShape });
    return slice(
      whole,
      sides.map(([before]) => before),
      shape,
    );
  }),
);

const pooling = [MaxPool, AvgPool].map((name) =>
  defineComposedKernel<Inputs, Attributes>(name, ({ x }, attributes) => {
    if (isNamed(attributes)) return null;
    const { strides, filterSize = 1, pad: padding, dimRoundingMode } = attributes;
    const image = x as Tensor;
    const { padInfo } = backend_util.computePool2DInfo(
      image.shape as Four,
      filterSize,
      strides,
      1,
      padding,
      dimRoundingMode,
    );
    const sides = sidesFrom(padInfo);
    const valid = { ...attributes, pad: "valid" };
    if (name === MaxPool) return run(name, { x: pad(image, sides, -Infinity) }, valid);
    // What is padded does not count.
    const means = run(name, { x: pad(image, sides) }, valid);
    return div(means, run(name, { x: pad(ones(image.shape), sides) }, valid));
  }),
);

const run = (name: string, inputs: Inputs, attributes: object): Tensor =>
  engine().runKernel(name, inputs, attributes as NamedAttrMap) as Tensor;

function sidesOf(
  x: Four,
  filter: Four,
  { strides, dilations = 1, pad: padding, dimRoundingMode }: Attributes,
  depthwise: boolean,
): Sides {
  const info = backend_util.computeConv2DInfo(
    x,
    filter,
    strides,
    dilations,
    padding,
    dimRoundingMode,
    depthwise,
  );
  return sidesFrom(info.padInfo);
}

const sidesFrom = ({ top, bottom, left, right }: backend_util.PadInfo): Sides => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

export const explicitPadding: readonly ComposedKernel[] = [...forward, ...atFilter, ...atInput, ...pooling];
