import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Sequential } from "../module/sequential.ts";
import type { Rng } from "../rng/rng.ts";
import { BatchNorm2d } from "./batch-norm.ts";
import { Conv2d } from "./conv2d.ts";
import { checkRng } from "../check-values.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Options for {@link convNormActivation}. */
export interface ConvNormActivationOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 1. */
  readonly stride?: number;
  /** Default: 1. */
  readonly dilation?: number;
  /** Default: 1. */
  readonly groups?: number;
  /** Makes the normalization layer for a number of channels; `null` for none, and a bias. Default: {@link BatchNorm2d}. */
  readonly normLayer?: ((channels: number) => MapLayer) | null;
  /** The last layer. Default: none. */
  readonly activation?: MapLayer;
}

/**
 * A convolution, a normalization layer and an activation, as torchvision's `Conv2dNormActivation`, with its names
 * `0`, `1`, `2`. The convolution has a bias only where there is no normalization. The padding preserves the size if the stride is 1.
 */
export function convNormActivation(
  inChannels: number,
  outChannels: number,
  kernelSize: number,
  options: ConvNormActivationOptions,
): Sequential<readonly MapLayer[]> {
  checkRng("convNormActivation", options);
  const { rng, stride = 1, dilation = 1, groups = 1, activation } = options;
  const { normLayer = (channels) => new BatchNorm2d(channels) } = options;
  const padding = ((kernelSize - 1) / 2) * dilation;
  const conv = new Conv2d(inChannels, outChannels, kernelSize, {
    rng,
    stride,
    padding,
    dilation,
    groups,
    bias: normLayer === null,
  });
  const norm = normLayer === null ? [] : [normLayer(outChannels)];
  return new Sequential<readonly MapLayer[]>(
    conv,
    ...norm,
    ...(activation === undefined ? [] : [activation]),
  );
}
