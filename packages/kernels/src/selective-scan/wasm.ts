import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Heap } from "../wasm/heap.ts";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

interface Inputs extends Record<string, TensorInfo> {
  readonly u: TensorInfo;
  readonly delta: TensorInfo;
  readonly A: TensorInfo;
  readonly B: TensorInfo;
  readonly C: TensorInfo;
  readonly initial: TensorInfo;
}

interface GradientInputs extends Inputs {
  readonly dy: TensorInfo;
  readonly dState: TensorInfo;
}

/** A recurrence that chooses by its input what to keep, in one pass over time, and its gradient in two. */
export const selectiveScan: readonly WasmKernel[] = [
  defineWasmKernel<Inputs>("PellucidSelectiveScan", (heap, { u, delta, A, B, C, initial }) => {
    const y = heap.make(u.shape);
    const state = heap.copy(initial);
    const tensors = [u, delta, A, B, C, state, y];
    heap.functions.selectiveScan(...addresses(heap, tensors), ...sizes(u, A));
    return [y, state];
  }),

  defineWasmKernel<GradientInputs>("PellucidSelectiveScanGradient", (heap, inputs) => {
    const { u, delta, A, B, C, initial, dy, dState } = inputs;
    const results = [u, delta, A, B, C].map(({ shape }) => heap.make(shape));
    const g = heap.copy(dState);
    const [batch, time, channels, size] = sizes(u, A);
    const state = 4 * channels * size;
    heap.borrow([(time + 1) * state, time * state], (states, decays) => {
      const tensors = [u, delta, A, B, C, initial, dy, ...results, g];
      const places = [...addresses(heap, tensors), states, decays];
      heap.functions.selectiveScanGradient(...places, batch, time, channels, size);
    });
    return [...results, g];
  }),
];

const addresses = (heap: Heap, tensors: readonly TensorInfo[]): number[] =>
  tensors.map((tensor) => heap.addressOf(tensor));

function sizes(u: TensorInfo, A: TensorInfo): [batch: number, time: number, channels: number, size: number] {
  const [batch, time, channels] = u.shape as [number, number, number];
  return [batch, time, channels, A.shape[1] as number];
}
