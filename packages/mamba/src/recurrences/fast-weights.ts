import { gelu, matMul, tanh } from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  greater,
  mean,
  mul,
  range,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  where,
} from "@tensorflow/tfjs-core";

/** A linear map that is trained while it reads: its weights at the beginning of a mini-batch, and what the tokens of the mini-batch add so far. */
export interface FastLayer {
  /** `[batch, head, in, out]` */
  readonly weight: Tensor4D;
  /** `[batch, head, 1, out]` */
  readonly bias: Tensor4D;
  /** The inputs of the tokens of the unfinished mini-batch, `[batch, head, token, in]`. */
  readonly inputs: Tensor4D;
  /** The gradients at their outputs, times their learning rates, `[batch, head, token, out]`. */
  readonly errors: Tensor4D;
}

/** The affine part of the norm of each head, `[head, 1, feature]`. */
export interface HeadNorm {
  readonly weight: Tensor4D;
  readonly bias: Tensor4D;
}

/** Tokens that fit into one mini-batch. */
export interface Tokens {
  /** `[batch, head, token, feature]` each. */
  readonly queries: Tensor4D;
  readonly keys: Tensor4D;
  readonly values: Tensor4D;
  /** Of each token, `[batch, head, token, 1]`. */
  readonly rates: Tensor4D;
  /** What the sum of gradients is multiplied with at each token, `[token]`. */
  readonly scales: Tensor1D;
}

const eps = 1e-6;

/**
 * Trains the maps on the keys and values of tokens, and applies to each query the maps as they are after its own token. All gradients of a mini-batch are those at its beginning, so that a mini-batch is a few matrix products
 * (the dual form): `z = x W + b − η ⊙ ((mask ⊙ (x Xᵀ + 1)) E)`. Sun et al., 2024, section 2.5. https://arxiv.org/abs/2407.04620
 *
 * @returns `[batch, head, token, feature]`, and the maps with the tokens noted
 */
export function readTokens(
  layers: readonly FastLayer[],
  norm: HeadNorm,
  { queries, keys, values, rates, scales }: Tokens,
) {
  const { inputs, outputs } = forward(layers, keys);
  const gradients = backward(
    layers,
    outputs,
    gradientOfNorm(outputs.at(-1) as Tensor4D, sub(values, keys), norm),
  );
  const after = layers.map((layer, i) => ({
    ...layer,
    inputs: concat([layer.inputs, inputs[i] as Tensor4D], 2),
    errors: concat([layer.errors, mul<Tensor4D>(gradients[i] as Tensor4D, rates)], 2),
  }));
  const eta = reshape(scales, [1, 1, -1, 1]);
  let x = queries;
  for (const [i, { weight, bias, inputs: all, errors }] of after.entries()) {
    const similar = add(matMul(x, all, false, true), 1); //                       [batch, head, token, all tokens]
    const change = matMul(mul(similar, pastOf(x.shape[2], all.shape[2])), errors);
    const z = sub<Tensor4D>(add(matMul(x, weight), bias), mul(eta, change)); //   [batch, head, token, out]
    x = i === after.length - 1 ? z : gelu(z, { approximate: "tanh" });
  }
  return { output: add<Tensor4D>(queries, normalize(x, norm).scaled), layers: after };
}

/** The maps after a whole mini-batch, with nothing left to add. */
export function takeStep(layers: readonly FastLayer[], scale: Tensor1D): FastLayer[] {
  return layers.map(({ weight, bias, inputs, errors }) => ({
    weight: sub(weight, mul(scale, matMul(inputs, errors, true))),
    bias: sub(bias, mul(scale, sum(errors, 2, true))),
    inputs: slice(inputs, [0, 0, 0, 0], inputs.shape.with(2, 0) as Tensor4D["shape"]),
    errors: slice(errors, [0, 0, 0, 0], errors.shape.with(2, 0) as Tensor4D["shape"]),
  }));
}

function forward(layers: readonly FastLayer[], keys: Tensor4D) {
  const [inputs, outputs]: [Tensor4D[], Tensor4D[]] = [[keys], []];
  for (const [i, { weight, bias }] of layers.entries()) {
    const z = add<Tensor4D>(matMul(inputs[i] as Tensor4D, weight), bias);
    outputs.push(z);
    inputs.push(gelu(z, { approximate: "tanh" }));
  }
  return { inputs, outputs };
}

/** The gradient at the output of each map, from that at the last. */
function backward(layers: readonly FastLayer[], outputs: readonly Tensor4D[], last: Tensor4D): Tensor4D[] {
  const gradients = [last];
  for (let i = layers.length - 1; i > 0; i--) {
    const atInput = matMul<Tensor4D>(gradients[0] as Tensor4D, (layers[i] as FastLayer).weight, false, true);
    gradients.unshift(mul(atInput, geluDerivative(outputs[i - 1] as Tensor4D)));
  }
  return gradients;
}

/** The gradient of `½ ‖norm(z) − target‖²` by `z`. */
function gradientOfNorm(z: Tensor4D, target: Tensor4D, norm: HeadNorm): Tensor4D {
  const { centered, deviation, scaled } = normalize(z, norm);
  const g = mul<Tensor4D>(sub(scaled, target), norm.weight);
  const parallel = mul(centered, mean(mul(g, centered), -1, true));
  return div(sub(sub(g, mean(g, -1, true)), parallel), deviation);
}

function normalize(z: Tensor4D, { weight, bias }: HeadNorm) {
  const apart = sub(z, mean(z, -1, true));
  const deviation = sqrt(add(mean(square(apart), -1, true), eps));
  const centered = div<Tensor4D>(apart, deviation);
  return { centered, deviation, scaled: add<Tensor4D>(mul(centered, weight), bias) };
}

/** The derivative of GELU's approximation by tanh. */
function geluDerivative(x: Tensor4D): Tensor4D {
  const rate = Math.sqrt(2 / Math.PI);
  const t = tanh(mul(rate, mul(x, add(1, mul(0.044715, square(x)))))) as Tensor4D;
  const inner = mul(rate, add(1, mul(3 * 0.044715, square(x))));
  return add(mul(0.5, add(1, t)), mul(mul(mul(0.5, x), sub(1, square(t))), inner));
}

/** Ones for the tokens up to each, `[token, all tokens]`; the tokens are the last of all. */
function pastOf(tokens: number, all: number): Tensor2D {
  const rows = reshape(range(all - tokens, all, 1, "int32"), [tokens, 1]);
  return where(greater(reshape(range(0, all, 1, "int32"), [1, all]), rows), 0, 1) as Tensor2D;
}
