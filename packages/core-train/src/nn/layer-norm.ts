import { normalizedSizes } from "./normalized-sizes.ts";
import { checkNotNegative } from "../check-values.ts";
import { ones, type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { layerNorm } from "../op/layer-norm.ts";
import { checkShape } from "../shape-error.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import { trailingAxes } from "./trailing-axes.ts";

/** Options for {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Whether to learn a weight per normalized element. Default: true. */
  readonly elementwiseAffine?: boolean;
  /** Whether to learn a bias too. Default: true. */
  readonly bias?: boolean;
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each example over the last axes.
 *
 * Ba et al., 2016. https://arxiv.org/abs/1607.06450
 *
 * A `normalizedShape` of three sizes is that of an image, `[height, width, channel]`. PyTorch's has the channel first, also in files.
 */
export class LayerNorm extends Module implements Layer<Tensor, Tensor>, HasTorchLayout {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  /** `normalizedShape`, initially 1. */
  readonly weight: Parameter | null;
  /** `normalizedShape`, initially 0. */
  readonly bias: Parameter | null;

  /** @param normalizedShape the sizes of the last axes; a number for one axis */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    checkOptions("LayerNorm", options, ["eps", "elementwiseAffine", "bias"]);
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    const shape = normalizedSizes("LayerNorm", normalizedShape);
    checkNotNegative("LayerNorm", { eps });
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? initialized(shape, constant(1)) : null;
    this.bias = elementwiseAffine && bias ? initialized(shape, constant(0)) : null;
  }

  get torchLayout(): TorchLayout {
    const axes = trailingAxes(this.normalizedShape.length);
    return { weight: { axes }, bias: { axes } };
  }

  /**
   * @param x `[..., ...normalizedShape]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    const { normalizedShape: shape, eps } = this;
    checkShape(`LayerNorm(${shape.join(", ")})`, "x", x, ["...", ...shape]);
    return tidy(() => layerNorm(x, this.weight ?? ones([...shape]), this.bias ?? zeros([...shape]), eps));
  }
}
