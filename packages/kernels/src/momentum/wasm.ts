import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly gradient: TensorInfo;
  readonly parameter: TensorInfo;
  readonly momentum: TensorInfo;
}

interface Numbers {
  readonly keep: number;
  readonly take: number;
  readonly nesterov: boolean;
  readonly learningRate: number;
  readonly penalty: number;
}

/** A step of gradient descent with momentum for one parameter in one pass. */
export const momentum: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Numbers>(
    "PellucidMomentum",
    (heap, { gradient, parameter, momentum: velocity }, numbers) => {
      const { keep, take, nesterov, learningRate, penalty } = numbers;
      const results = [0, 1].map(() => heap.make(parameter.shape));
      const tensors = [gradient, parameter, velocity, ...results];
      heap.functions.momentumStep(
        ...tensors.map((tensor) => heap.addressOf(tensor)),
        util.sizeFromShape(parameter.shape),
        keep,
        take,
        Number(nesterov),
        learningRate,
        penalty,
      );
      return results;
    },
  ),
];
