import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly gradient: TensorInfo;
  readonly parameter: TensorInfo;
  readonly mu: TensorInfo;
  readonly nu: TensorInfo;
}

interface Numbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly stepSize: number;
  readonly correction: number;
  readonly penalty: number;
  readonly decay: number;
}

/** A step of Adam for one parameter in one pass, which is some twenty passes of tfjs'. */
export const adam: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Numbers>("PellucidAdam", (heap, { gradient, parameter, mu, nu }, numbers) => {
    const { beta1, beta2, eps, stepSize, correction, penalty, decay } = numbers;
    const results = [0, 1, 2].map(() => heap.make(parameter.shape));
    const tensors = [gradient, parameter, mu, nu, ...results];
    heap.functions.adamStep(
      ...tensors.map((tensor) => heap.addressOf(tensor)),
      util.sizeFromShape(parameter.shape),
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      eps,
      stepSize,
      correction,
      penalty,
      decay,
    );
    return results;
  }),
];
