import { normalizedSizes } from "./normalized-sizes.ts";
import { checkNotNegative } from "../check-values.ts";
import { ones, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { rmsNorm } from "../op/rms-norm.ts";
import { checkShape } from "../shape-error.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import { trailingAxes } from "./trailing-axes.ts";

/** Options for {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Added to the mean square. Default: the machine epsilon of 32 bits, 2⁻²³, as in PyTorch. */
  readonly eps?: number;
  /** Whether to learn a weight per normalized element. Default: true. */
  readonly elementwiseAffine?: boolean;
}

/**
 * `x / √(mean(x²) + eps) · weight`, with the mean of each example over the last axes: a layer norm without subtraction of the mean.
 *
 * Zhang and Sennrich, 2019. https://arxiv.org/abs/1910.07467
 *
 * A `normalizedShape` of three sizes is that of an image, as in {@link LayerNorm}.
 */
export class RMSNorm extends Module implements Layer<Tensor, Tensor>, HasTorchLayout {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  /** `normalizedShape`, initially 1. */
  readonly weight: Parameter | null;

  /** @param normalizedShape the sizes of the last axes; a number for one axis */
  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    super();
    checkOptions("RMSNorm", options, ["eps", "elementwiseAffine"]);
    const { eps = 2 ** -23, elementwiseAffine = true } = options;
    const shape = normalizedSizes("RMSNorm", normalizedShape);
    checkNotNegative("RMSNorm", { eps });
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? initialized(shape, constant(1)) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: trailingAxes(this.normalizedShape.length) } };
  }

  /**
   * @param x `[..., ...normalizedShape]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    const { normalizedShape: shape, eps } = this;
    checkShape(`RMSNorm(${shape.join(", ")})`, "x", x, ["...", ...shape]);
    return tidy(() => rmsNorm(x, this.weight ?? ones([...shape]), eps));
  }
}
