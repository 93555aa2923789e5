import type { adamStep } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A step of Adam for one parameter in one pass, which is some twenty passes of tfjs'. */
export const adam: readonly WasmKernel[] = [
  defineWasmKernel<typeof adamStep>("PellucidAdam", (heap, { gradient, parameter, mu, nu }, numbers) => {
    const { beta1, beta2, ...rest } = numbers;
    const update = heap.make(parameter.shape);
    const nextMu = heap.make(parameter.shape);
    const nextNu = heap.make(parameter.shape);
    heap.functions.adamStep({
      gradient: heap.addressOf(gradient),
      parameter: heap.addressOf(parameter),
      mu: heap.addressOf(mu),
      nu: heap.addressOf(nu),
      update: heap.addressOf(update),
      nextMu: heap.addressOf(nextMu),
      nextNu: heap.addressOf(nextNu),
      count: util.sizeFromShape(parameter.shape),
      keep1: beta1,
      take1: 1 - beta1,
      keep2: beta2,
      take2: 1 - beta2,
      ...rest,
    });
    return [update, nextMu, nextNu];
  }),
];
