import type { labelCrossEntropy as op, labelCrossEntropyGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** The cross-entropy of rows with labels, and its gradient, each in one call in place of about ten. */
export const labelCrossEntropy: readonly WasmKernel[] = [
  defineWasmKernel<typeof op>("PellucidLabelCrossEntropy", (heap, { input, target }, attributes) => {
    const [rows, classes] = input.shape;
    const losses = heap.make([rows]);
    heap.functions.labelCrossEntropy({
      x: heap.addressOf(input),
      labels: heap.addressOf(target),
      losses: heap.addressOf(losses),
      rows,
      classes,
      ignored: attributes.ignoreIndex,
      smoothing: attributes.labelSmoothing,
    });
    return losses;
  }),
  defineWasmKernel<typeof labelCrossEntropyGradient>(
    "PellucidLabelCrossEntropyGradient",
    (heap, { input, target, dy }, attributes) => {
      const [rows, classes] = input.shape;
      const dx = heap.make(input.shape);
      heap.functions.labelCrossEntropyGradient({
        x: heap.addressOf(input),
        labels: heap.addressOf(target),
        dy: heap.addressOf(dy),
        dx: heap.addressOf(dx),
        rows,
        classes,
        ignored: attributes.ignoreIndex,
        smoothing: attributes.labelSmoothing,
      });
      return dx;
    },
  ),
];
