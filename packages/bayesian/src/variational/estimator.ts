import { checkArguments, drawn, permute, type Rng } from "@pellucid/core-train";
import { add, mul, sqrt, square, type Tensor, tidy } from "@tensorflow/tfjs-core";

/** A map that is linear in its weight and its bias, whose parameters are distributions. */
export interface Variational {
  readonly rng: Rng;
  /** The linear map. */
  readonly apply: (x: Tensor, weight: Tensor, bias: Tensor | null) => Tensor;
  readonly weight: { readonly mean: Tensor; readonly std: Tensor };
  readonly bias: { readonly mean: Tensor; readonly std: Tensor } | null;
  /** Axis `i` of our weight is axis `axes[i]` of PyTorch's, in whose order noise is drawn. */
  readonly axes: readonly number[];
}

/** Draws the output of a linear map whose parameters are distributions. */
export type Estimator = (x: Tensor, layer: Variational) => Tensor;

/** Added to a variance, so that its root has a gradient. */
const tiny = 1e-16;

/**
 * Draws the output rather than the weights: it is normal with mean `x μ + μ_b` and variance `x² σ² + σ_b²`. One draw for each example and unit, which makes the gradient
 * vary less. For a convolution the outputs of one map, which share weights, are drawn independently.
 *
 * Kingma et al., 2015. https://arxiv.org/abs/1506.02557 Shridhar et al., 2019, for convolutions. https://arxiv.org/abs/1901.02731
 */
export const localReparameterization: Estimator = (x, layer) =>
  tidy(() => {
    checkArguments("localReparameterization", { tensor: { x }, "{ apply, weight, axes, rng }": { layer } });
    const { mean, variance } = meanAndVarianceOf(x, layer);
    return add(mean, mul(sqrt(add(variance, tiny)), channelsFirstNoise(layer.rng, mean.shape)));
  });

/** Draws one set of weights for the whole batch: `w = μ + σ ε`. Blundell et al., 2015. https://arxiv.org/abs/1505.05424 */
export const weightSampling: Estimator = (x, layer) =>
  tidy(() => {
    checkArguments("weightSampling", { tensor: { x }, "{ apply, weight, axes, rng }": { layer } });
    const { apply, weight, bias, axes, rng } = layer;
    const drawn = add(weight.mean, mul(weight.std, noiseLike(rng, weight.mean, axes)));
    return apply(x, drawn, bias && add(bias.mean, mul(bias.std, noiseLike(rng, bias.mean, [0]))));
  });

/**
 * One set of weights for the batch, whose noise is turned by random signs for each example: nearly independent weights at the price of two products.
 *
 * Wen et al., 2018. https://arxiv.org/abs/1803.04386
 */
export const flipout: Estimator = (x, layer) =>
  tidy(() => {
    checkArguments("flipout", { tensor: { x }, "{ apply, weight, axes, rng }": { layer } });
    const { apply, weight, bias, axes, rng } = layer;
    const noise = mul(weight.std, noiseLike(rng, weight.mean, axes));
    const base = apply(x, weight.mean, bias && add(bias.mean, mul(bias.std, noiseLike(rng, bias.mean, [0]))));
    const turned = apply(mul(x, signs(rng, x.shape)), noise, null);
    return add(base, mul(turned, signs(rng, base.shape)));
  });

/** Mean and variance of the output. */
export function meanAndVarianceOf(
  x: Tensor,
  { apply, weight, bias }: Variational,
): { readonly mean: Tensor; readonly variance: Tensor } {
  return tidy(() => ({
    mean: apply(x, weight.mean, bias && bias.mean),
    variance: apply(square(x), square(weight.std), bias && square(bias.std)),
  }));
}

/** Standard normal numbers of a shape with channels last, in the order of channels first. */
function channelsFirstNoise(rng: Rng, shape: readonly number[]): Tensor {
  const [batch = 1, ...rest] = shape;
  const channels = rest.pop() ?? 1;
  const axes = [0, ...rest.map((_, i) => i + 2), 1];
  return drawn(() => permute(rng.randn([batch, channels, ...rest]), axes));
}

function noiseLike(rng: Rng, like: Tensor, axes: readonly number[]): Tensor {
  const theirs = axes.map((_, i) => like.shape[axes.indexOf(i)] ?? NaN);
  return drawn(() => permute(rng.randn(theirs), axes));
}

/** Signs for each example and feature. */
function signs(rng: Rng, shape: readonly number[]): Tensor {
  const perFeature = shape.map((size, axis) => (axis === 0 || axis === shape.length - 1 ? size : 1));
  return drawn(() => {
    const { data, shape: size } = rng.bernoulli(0.5, perFeature);
    return { data: data.map((bit) => 2 * bit - 1), shape: size };
  });
}
