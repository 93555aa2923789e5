import * as core from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** The options and numbers of all of them. */
export type ActivationArgs = core.ELUOptions &
  core.GELUOptions &
  core.HardtanhOptions &
  core.LeakyReLUOptions &
  core.SoftplusOptions &
  core.SoftshrinkOptions & { readonly at: number; readonly value: number };

/** The options among the arguments of a case. */
function optionsOf(args: ActivationArgs) {
  const { at: _, value: __, ...options } = args;
  return options;
}

type Activation = (x: Tensor, args: ActivationArgs) => Tensor;

/** Those that map every number by itself: the function, and the layer that is it. */
export const activations: Readonly<
  Record<string, readonly [Activation, (args: ActivationArgs) => core.Layer<Tensor, Tensor>]>
> = {
  celu: [core.celu, (args) => new core.CELU(optionsOf(args))],
  elu: [core.elu, (args) => new core.ELU(optionsOf(args))],
  gelu: [core.gelu, (args) => new core.GELU(optionsOf(args))],
  hardshrink: [core.hardshrink, (args) => new core.Hardshrink(optionsOf(args))],
  hardsigmoid: [core.hardsigmoid, () => new core.Hardsigmoid()],
  hardswish: [core.hardswish, () => new core.Hardswish()],
  hardtanh: [core.hardtanh, (args) => new core.Hardtanh(optionsOf(args))],
  leakyRelu: [core.leakyRelu, (args) => new core.LeakyReLU(optionsOf(args))],
  logSigmoid: [core.logSigmoid, () => new core.LogSigmoid()],
  mish: [core.mish, () => new core.Mish()],
  relu: [core.relu, () => new core.ReLU()],
  relu6: [core.relu6, () => new core.ReLU6()],
  selu: [core.selu, () => new core.SELU()],
  sigmoid: [core.sigmoid, () => new core.Sigmoid()],
  silu: [core.silu, () => new core.SiLU()],
  softplus: [core.softplus, (args) => new core.Softplus(optionsOf(args))],
  softshrink: [core.softshrink, (args) => new core.Softshrink(optionsOf(args))],
  softsign: [core.softsign, () => new core.Softsign()],
  tanh: [core.tanh, () => new core.Tanh()],
  tanhshrink: [core.tanhshrink, () => new core.Tanhshrink()],
  threshold: [
    (x, { at, value }) => core.threshold(x, at, value),
    ({ at, value }) => new core.Threshold(at, value),
  ],
};
