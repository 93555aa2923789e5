import type { momentumStep } from "@pellucid/core-train/ops";
import { util } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A step of gradient descent with momentum for one parameter in one pass. */
export const momentum: readonly WasmKernel[] = [
  defineWasmKernel<typeof momentumStep>("PellucidMomentum", (heap, inputs, { nesterov, ...numbers }) => {
    const { shape } = inputs.parameter;
    const update = heap.make(shape);
    const next = heap.make(shape);
    heap.functions.momentumStep({
      gradient: heap.addressOf(inputs.gradient),
      parameter: heap.addressOf(inputs.parameter),
      momentum: heap.addressOf(inputs.momentum),
      update: heap.addressOf(update),
      next: heap.addressOf(next),
      count: util.sizeFromShape(shape),
      isNesterov: nesterov,
      ...numbers,
    });
    return [update, next];
  }),
];
