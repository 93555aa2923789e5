import { checkSizes, checkFinite } from "../check-values.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { checkShape } from "../shape-error.ts";
import { type LocalResponseNormOptions, normalizeAcrossChannels } from "./local-response-norm.ts";

/**
 * `x / (k + alpha / size · Σ x²)^beta` across the channels of images, as `torch.nn.CrossMapLRN2d` is documented. For an odd `size` it is
 * `LocalResponseNorm`; for an even `size` the sum has one channel less, equally many on both sides, but is still divided by `size`.
 *
 * PyTorch 2.13 differs if the first channel is not in all windows: it never removes that channel from its running sum, and the window
 * of its gradient is off by one channel.
 */
export class CrossMapLRN2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    checkOptions("CrossMapLRN2d", options, ["alpha", "beta", "k"]);
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
    checkSizes("CrossMapLRN2d", { size });
    checkFinite("CrossMapLRN2d", { alpha, beta, k });
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    const { size, alpha, beta, k } = this;
    checkShape(`CrossMapLRN2d(${size})`, "x", x, ["batch", "height", "width", "channel"]);
    const reach = Math.floor((size - 1) / 2);
    return normalizeAcrossChannels(x, { size, before: reach, after: reach, alpha, beta, k });
  }
}
