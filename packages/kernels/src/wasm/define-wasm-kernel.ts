import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Contract, KernelAttributes, KernelInputs, KernelOutput } from "../contract.ts";
import type { Replacement } from "../replace-kernel.ts";
import { Heap } from "./heap.ts";

/** A kernel for tfjs' WASM backend. */
export type WasmKernel = Replacement;

/** The WASM kernel of a custom op, `defineWasmKernel<typeof op>`, whose name, inputs, attributes and outputs are those of the op. */
export function defineWasmKernel<Op extends Contract>(
  kernelName: Op["kernelName"],
  compute: (heap: Heap, inputs: KernelInputs<Op>, attributes: KernelAttributes<Op>) => KernelOutput<Op>,
): WasmKernel {
  const kernel: KernelFunc = ({ backend, inputs, attrs }) =>
    compute(
      new Heap(backend as BackendWasm),
      inputs as object as KernelInputs<Op>,
      attrs as object as KernelAttributes<Op>,
    ) as TensorInfo | TensorInfo[];
  return { kernelName, make: () => kernel };
}
