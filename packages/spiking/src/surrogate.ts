import {
  abs,
  checkFinite,
  checkOptions,
  checkPositive,
  checkRng,
  defineElementwise,
  type Rng,
  sigmoid as logistic,
} from "@pellucid/core-train";
import {
  add,
  cast,
  div,
  exp,
  greater,
  greaterEqual,
  mul,
  neg,
  onesLike,
  square,
  sub,
  type Tensor,
  tensor,
} from "@tensorflow/tfjs-core";

/**
 * Makes spikes of the distance of membranes from their threshold: 1 above 0, 0 otherwise, also at 0. The derivative of that is 0 or undefined; a surrogate gives gradients another.
 */
export type Surrogate = <X extends Tensor>(x: X) => X;

/** The step of the forward pass. */
const spikes = (x: Tensor): Tensor => cast(greater(x, 0), "float32");

const atanOp = defineElementwise({
  name: "PellucidSpikeAtan",
  value: spikes,
  derivative: (x, { alpha }: { alpha: number }) =>
    div(alpha / 2, add(1, square(mul((Math.PI / 2) * alpha, x)))),
});

/**
 * The surrogate `α/2 / (1 + (π/2 · α x)²)`, snntorch's default.
 *
 * Fang et al., 2021. Incorporating learnable membrane time constants. https://arxiv.org/abs/2007.05785
 */
export function atanSurrogate(alpha = 2): Surrogate {
  checkPositive("atanSurrogate", { alpha });
  return (x) => atanOp(x, { alpha });
}

const fastSigmoidOp = defineElementwise({
  name: "PellucidSpikeFastSigmoid",
  value: spikes,
  derivative: (x, { k }: { k: number }) => div(1, square(add(mul(k, abs(x)), 1))),
});

/**
 * The surrogate `1 / (1 + k |x|)²`.
 *
 * Zenke and Ganguli, 2018. SuperSpike. https://arxiv.org/abs/1705.11146
 */
export function fastSigmoid(k = 25): Surrogate {
  checkPositive("fastSigmoid", { k });
  return (x) => fastSigmoidOp(x, { k });
}

const sigmoidOp = defineElementwise({
  name: "PellucidSpikeSigmoid",
  value: spikes,
  derivative: (x, { k }: { k: number }) => {
    const p = logistic(mul(-k, abs(x))); // even in x, and does not overflow
    return mul(k, mul(p, sub(1, p)));
  },
});

/** The surrogate `k σ(k x) (1 − σ(k x))`. snntorch's formula is NaN where `exp(−k x)` overflows; this is 0. */
export function sigmoidSurrogate(k = 25): Surrogate {
  checkPositive("sigmoidSurrogate", { k });
  return (x) => sigmoidOp(x, { k });
}

const triangularOp = defineElementwise({
  name: "PellucidSpikeTriangular",
  value: spikes,
  derivative: (x, { threshold }: { threshold: number }) =>
    mul(threshold, sub(1, mul(2, cast(greaterEqual(x, 0), "float32")))),
});

/** The surrogate `threshold` below 0, and `−threshold` from 0 on. */
export function triangular(threshold = 1): Surrogate {
  checkFinite("triangular", { threshold });
  return (x) => triangularOp(x, { threshold });
}

const straightThroughOp = defineElementwise({
  name: "PellucidSpikeStraightThrough",
  value: spikes,
  derivative: (x) => onesLike(x),
});

/** The surrogate 1: the gradient goes through. */
export function straightThrough(): Surrogate {
  return (x) => straightThroughOp(x, {});
}

const heavisideOp = defineElementwise({
  name: "PellucidSpikeHeaviside",
  value: spikes,
  derivative: (x) => spikes(x),
});

/** The surrogate 1 where there is a spike, and 0 elsewhere. */
export function heaviside(): Surrogate {
  return (x) => heavisideOp(x, {});
}

const escapeOp = defineElementwise({
  name: "PellucidSpikeRateEscape",
  value: spikes,
  derivative: (x, { beta, k }: { beta: number; k: number }) => mul(k, exp(neg(mul(beta, abs(sub(x, 1)))))),
});

/** The surrogate `k exp(−β |x − 1|)`, of a neuron that spikes at random. Gerstner and Kistler, 2002. Spiking neuron models. */
export function spikeRateEscape(beta = 1, k = 25): Surrogate {
  checkPositive("spikeRateEscape", { beta, k });
  return (x) => escapeOp(x, { beta, k });
}

const leakyOp = defineElementwise({
  name: "PellucidSpikeLeaky",
  value: spikes,
  derivative: (x, { k }: { k: number }) => add(mul(1 - k, spikes(x)), k),
});

/** The surrogate 1 where there is a spike, and `k` elsewhere. (snntorch's `LSO` runs its stochastic operator instead, by mistake.) */
export function leakySpikeOperator(k = 0.1): Surrogate {
  checkFinite("leakySpikeOperator", { k });
  return (x) => leakyOp(x, { k });
}

const sparseOp = defineElementwise({
  name: "PellucidSpikeSparseFastSigmoid",
  value: spikes,
  derivative: (x, { k, b }: { k: number; b: number }) =>
    div(cast(greater(x, b), "float32"), square(add(mul(k, abs(x)), 1))),
});

/**
 * The surrogate `1 / (1 + k |x|)²` where `x > b`, and 0 elsewhere, so that gradients are sparse.
 *
 * Perez-Nieves and Goodman, 2021. Sparse spiking gradient descent. https://arxiv.org/abs/2105.08810
 */
export function sparseFastSigmoid(k = 25, b = 1): Surrogate {
  checkPositive("sparseFastSigmoid", { k });
  checkFinite("sparseFastSigmoid", { b });
  return (x) => sparseOp(x, { k, b });
}

const stochasticOp = defineElementwise({
  name: "PellucidSpikeStochastic",
  value: spikes,
  derivative: (x, { rng, mean, variance }: { rng: Rng; mean: number; variance: number }) => {
    const noise = mul(sub(tensor(rng.rand(x.shape).data, x.shape), 0.5 - mean), variance);
    const fired = spikes(x);
    return add(fired, mul(sub(1, fired), noise));
  },
});

/** Options for {@link stochasticSpikeOperator}. */
export interface StochasticSpikeOperatorOptions {
  /** Random generator of the noise. */
  readonly rng: Rng;
  /** Default: 0. */
  readonly mean?: number;
  /** Default: 0.2. */
  readonly variance?: number;
}

/** The surrogate 1 where there is a spike, and `(U[0, 1) − ½ + mean) · variance` elsewhere. */
export function stochasticSpikeOperator(options: StochasticSpikeOperatorOptions): Surrogate {
  checkRng("stochasticSpikeOperator", options);
  checkOptions("stochasticSpikeOperator", options, ["rng", "mean", "variance"]);
  const { rng, mean = 0, variance = 0.2 } = options;
  checkFinite("stochasticSpikeOperator", { mean, variance });
  return (x) => stochasticOp(x, { rng, mean, variance });
}
