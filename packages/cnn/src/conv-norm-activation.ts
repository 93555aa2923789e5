import { BatchNorm2d, Conv2d, type Rng, Sequential } from "@pellucid/core-train";
import type { MapLayer } from "./chain.ts";

/** Options of {@link convNormActivation}. */
export interface ConvNormActivationOptions {
  readonly rng: Rng;
  /** Default: 1. */
  readonly stride?: number;
  /** Default: 1. */
  readonly groups?: number;
  /** The last layer. Default: none. */
  readonly activation?: MapLayer;
  /** Of the norm. Default: 1e-5. */
  readonly eps?: number;
  /** Of the norm. Default: 0.1. */
  readonly momentum?: number;
}

/**
 * A convolution that keeps the size (for stride 1), batch norm, and an activation, named `0`, `1`, `2` as in torchvision's
 * `Conv2dNormActivation`.
 */
export function convNormActivation(
  inChannels: number,
  outChannels: number,
  kernelSize: number,
  { rng, stride = 1, groups = 1, activation, eps = 1e-5, momentum = 0.1 }: ConvNormActivationOptions,
): Sequential<readonly MapLayer[]> {
  const conv = new Conv2d(inChannels, outChannels, kernelSize, {
    rng,
    stride,
    padding: (kernelSize - 1) / 2,
    groups,
    bias: false,
  });
  const norm = new BatchNorm2d(outChannels, { eps, momentum });
  return new Sequential<readonly MapLayer[]>(conv, norm, ...(activation === undefined ? [] : [activation]));
}
