import type { TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { pooling2dWindow } from "../wasm/pooling.ts";
import { isEmpty, numbersOf } from "../wasm/window.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly dy: TensorInfo;
  readonly input: TensorInfo;
}

interface Attributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
}

/** The gradient of average pooling over images, whose windows all lie inside. */
export const avgPoolGradient: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Attributes>("PellucidAvgPool2dGradient", (heap, { dy, input }, attributes) => {
    const window = pooling2dWindow(input.shape, { ...attributes, pad: "valid" });
    if (isEmpty(window)) return heap.zeros(input.shape);
    const dx = heap.make(input.shape);
    heap.borrow([numbersOf(window)], (...scratch) =>
      heap.functions.avgPoolGradient(heap.addressOf(dy), heap.addressOf(dx), ...scratch),
    );
    return dx;
  }),
];
