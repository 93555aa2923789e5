import {
  clamp,
  elu,
  gelu,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from "@pellucid/core-train";
import { add, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { LayerConfig } from "./layer-config.ts";

/** A function from tensor to tensor of the same shape. */
export type Activation = (x: Tensor) => Tensor;

/** `0.2 x + 0.5`, cut off at 0 and 1: not PyTorch's, which is `x / 6 + 0.5`. */
const hardSigmoid: Activation = (x) => tidy(() => clamp(add(mul(x, 0.2), 0.5), 0, 1));

const activations: Readonly<Record<string, Activation>> = {
  elu: (x) => elu(x),
  gelu: (x) => gelu(x),
  gelu_new: (x) => gelu(x, { approximate: "tanh" }),
  hard_sigmoid: hardSigmoid,
  linear: (x) => x,
  log_softmax: (x) => logSoftmax(x),
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax: (x) => softmax(x),
  softplus: (x) => softplus(x),
  softsign,
  swish: silu,
  tanh,
};

/** The activation that a field of a configuration names. */
export function activationOf(config: LayerConfig, field = "activation", otherwise = "linear"): Activation {
  const name = config.choice(field, Object.keys(activations), otherwise);
  return activations[name] as Activation;
}
