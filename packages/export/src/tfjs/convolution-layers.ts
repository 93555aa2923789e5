import {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose2d,
  type HostTensor,
  Module,
  type Rng,
  withoutInit,
  sizeAlong,
} from "@pellucid/core-train";
import { slice, type Tensor, type Tensor3D, type Tensor4D, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { activationOf } from "./activation.ts";
import type { LayerConfig } from "./layer-config.ts";
import { type LayerSource, type MadeLayer, put, single, weightOf } from "./made-layer.ts";
import { padFor, type Window } from "./same-padding.ts";

/** Convolutions. */
export const convolutionLayers: Readonly<Record<string, (source: LayerSource) => MadeLayer>> = {
  Conv1D: (source) => convolution(source, 1),
  Conv2D: (source) => convolution(source, 2),
  Conv2DTranspose: transposed,
  Conv3D: (source) => convolution(source, 3),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
};

type AnyConv = Conv1d | Conv2d | Conv3d;

/** The window of a layer. */
export function windowOf(
  config: LayerConfig,
  axes: number,
  kernel = "kernel_size",
  stride?: readonly number[],
): Window {
  config.only("data_format", "channels_last");
  return {
    kernel: config.integers(kernel, axes, 1),
    strides: config.integers("strides", axes, 1, stride ?? new Array<number>(axes).fill(1)),
    dilations: config.integers("dilation_rate", axes, 1, new Array<number>(axes).fill(1)),
    padding: config.choice("padding", axes === 1 ? ["valid", "same", "causal"] : ["valid", "same"], "valid"),
  };
}

function convolution(source: LayerSource, axes: number): MadeLayer {
  const { config } = source;
  const window = windowOf(config, axes);
  const filters = config.integer("filters", 1);
  const kernel = weightOf(source, "kernel", [...window.kernel, null, filters]);
  const layer = make(source, window, kernel, 1);
  return activated(source, layer, (x) => convolve(layer, padFor(x, window, 0)));
}

/** Each channel has its own filters, `depth_multiplier` of them. */
function depthwise(source: LayerSource): MadeLayer {
  const { config } = source;
  const window = windowOf(config, 2);
  const multiplier = config.integer("depth_multiplier", 1, 1);
  const kernel = weightOf(source, "depthwise_kernel", [...window.kernel, null, multiplier]);
  const layer = make(source, window, perChannel(kernel), sizeAlong(kernel, 2));
  return activated(source, layer, (x) => convolve(layer, padFor(x, window, 0)));
}

class Separable extends Module {
  readonly depthwise: AnyConv;
  readonly pointwise: AnyConv;
  constructor(depthwise: AnyConv, pointwise: AnyConv) {
    super();
    this.depthwise = depthwise;
    this.pointwise = pointwise;
  }
}

function separable(source: LayerSource): MadeLayer {
  const { config, own } = source;
  const window = windowOf(config, 2);
  const kernel = weightOf(source, "depthwise_kernel", [...window.kernel, null, null]); // tfjs does not save depth_multiplier
  const [channels, multiplier] = kernel.shape.slice(2) as [number, number];
  const point = weightOf(source, "pointwise_kernel", [
    1,
    1,
    channels * multiplier,
    config.integer("filters", 1),
  ]);
  const each = make(source, window, perChannel(kernel), channels, false);
  const layer = make(source, { ...window, kernel: [1, 1], strides: [1, 1], dilations: [1, 1] }, point, 1);
  const module = own(new Separable(each, layer));
  return activated(source, module, (x) => convolve(layer, convolve(each, padFor(x, window, 0))));
}

function transposed(source: LayerSource): MadeLayer {
  const { config, rng, own } = source;
  const { kernel: size, strides, dilations, padding } = windowOf(config, 2);
  if (dilations.some((n) => n !== 1)) throw config.error("dilation_rate above 1 is not supported.");
  const filters = config.integer("filters", 1);
  const kernel = weightOf(source, "kernel", [...size, filters, null]);
  const bias = config.boolean("use_bias", true);
  const shift = bias ? weightOf(source, "bias", [filters]) : null;
  const beyond = size.map((n, i) => Math.max((strides[i] ?? NaN) - n, 0));
  const options = { rng, bias, stride: pair(strides), outputPadding: pair(beyond) };
  const inChannels = sizeAlong(kernel, 3);
  const layer = own(withoutInit(() => new ConvTranspose2d(inChannels, filters, pair(size), options)));
  put(layer.weight, kernel);
  if (shift !== null && layer.bias !== null) put(layer.bias, shift);
  return activated(source, layer, (x) => {
    const whole = layer.forward(x as Tensor4D);
    if (padding === "valid") return whole;
    const [batch, height, width] = x.shape as [number, number, number];
    const begin = size.map((n, i) => Math.floor(Math.max(n - (strides[i] ?? NaN), 0) / 2));
    const lengths = [height, width].map((n, i) => n * (strides[i] ?? NaN));
    return slice(whole, [0, ...begin, 0], [batch, ...lengths, filters]);
  });
}

/** `[height, width, in, multiplier]` -> `[height, width, 1, in · multiplier]`, in the same order of numbers. */
function perChannel({ data, shape }: HostTensor): HostTensor {
  const [height, width, channels, multiplier] = shape as [number, number, number, number];
  return { data, shape: [height, width, 1, channels * multiplier] };
}

/** A convolution without padding that has a kernel, and the bias of the layer. */
function make(
  source: LayerSource,
  { kernel: size, strides, dilations }: Window,
  kernel: HostTensor,
  groups: number,
  withBias = true,
): AnyConv {
  const { config, rng, own } = source;
  const bias = withBias && config.boolean("use_bias", true);
  const [perGroup, out] = kernel.shape.slice(-2) as [number, number];
  const shift = bias ? weightOf(source, "bias", [out]) : null;
  const layer = own(
    withoutInit(() => convOf(rng, size, strides, dilations, [perGroup * groups, out], bias, groups)),
  );
  put(layer.weight, kernel);
  if (shift !== null && layer.bias !== null) put(layer.bias, shift);
  return layer;
}

function convOf(
  rng: Rng,
  size: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  [channels, out]: readonly [number, number],
  bias: boolean,
  groups: number,
): AnyConv {
  if (size.length === 1) {
    const [kernel = 1, stride = 1, dilation = 1] = [size[0], strides[0], dilations[0]];
    return new Conv1d(channels, out, kernel, { rng, bias, groups, stride, dilation });
  }
  if (size.length === 2) {
    const options = { rng, bias, groups, stride: pair(strides), dilation: pair(dilations) };
    return new Conv2d(channels, out, pair(size), options);
  }
  const options = { rng, bias, groups, stride: triple(strides), dilation: triple(dilations) };
  return new Conv3d(channels, out, triple(size), options);
}

function convolve(layer: AnyConv, x: Tensor): Tensor {
  if (layer instanceof Conv1d) return layer.forward(x as Tensor3D);
  return layer instanceof Conv2d ? layer.forward(x as Tensor4D) : layer.forward(x as Tensor5D);
}

function activated({ config }: LayerSource, module: Module, run: (x: Tensor) => Tensor): MadeLayer {
  const activation = activationOf(config);
  return single(module, (x) => tidy(() => activation(run(x))));
}

/** Two numbers for two axes. */
export function pair([a = 1, b = 1]: readonly number[]): [number, number] {
  return [a, b];
}

function triple([a = 1, b = 1, c = 1]: readonly number[]): [number, number, number] {
  return [a, b, c];
}
