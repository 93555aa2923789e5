import type { averageGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { pooling2dWindow } from "../wasm/pooling.ts";
import { isEmpty, numbersOf } from "../wasm/window.ts";

/** The gradient of average pooling over images, whose windows all lie inside. */
export const avgPoolGradient: readonly WasmKernel[] = [
  defineWasmKernel<typeof averageGradient>("PellucidAvgPool2dGradient", (heap, { dy, input }, attributes) => {
    const window = pooling2dWindow(input.shape, { ...attributes, pad: "valid" });
    if (isEmpty(window)) return heap.zeros(input.shape);
    const dx = heap.make(input.shape);
    heap.borrow({ window: numbersOf(window) }, (room) =>
      heap.functions.avgPoolGradient({ dy: heap.addressOf(dy), dx: heap.addressOf(dx), ...room }),
    );
    return dx;
  }),
];
