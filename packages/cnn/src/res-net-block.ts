import { BatchNorm2d, Conv2d, type Layer, type Rng, Sequential } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./chain.ts";

/** Options for a residual block. */
export interface ResNetBlockOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Default: 1. */
  readonly stride?: number;
  /** Of the 3×3 convolution. Default: 1. */
  readonly dilation?: number;
  /** Of the 3×3 convolution. Default: 1. */
  readonly groups?: number;
  /** Channels of a group in the first stage. Default: 64. */
  readonly widthPerGroup?: number;
  /** Makes a normalization layer for a number of channels. Default: {@link BatchNorm2d}. */
  readonly normLayer?: (channels: number) => MapLayer;
}

/** A residual block of a {@link ResNet}. */
export interface ResNetBlock extends Layer<Tensor4D, Tensor4D> {
  /** The normalization layer at the end of the residual branch. */
  readonly lastNorm: MapLayer;
}

/** The class of a residual block, made from its input channels and the width of its stage. */
export interface ResNetBlockClass {
  /** Output channels per channel of width. */
  readonly expansion: number;
  new (inplanes: number, planes: number, options: ResNetBlockOptions): ResNetBlock;
}

/** The shortcut of a block that changes the shape; `null` if it is the identity. PyTorch draws its weights before those of the block. */
export function makeShortcut(
  inplanes: number,
  out: number,
  { rng, stride = 1, normLayer = (channels) => new BatchNorm2d(channels) }: ResNetBlockOptions,
): Sequential<[Conv2d, MapLayer]> | null {
  if (stride === 1 && inplanes === out) return null;
  return new Sequential(new Conv2d(inplanes, out, 1, { rng, stride, bias: false }), normLayer(out));
}
