import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelFunc, NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "./define-wasm-kernel.ts";
import { Heap } from "./heap.ts";

/** How a kernel computes: from tensors in memory to tensors in memory. */
export type Compute<Inputs, Attributes> = (
  heap: Heap,
  inputs: Inputs,
  attributes: Attributes,
  builtIn: (attributes?: NamedAttrMap) => TensorInfo | TensorInfo[],
) => TensorInfo | TensorInfo[];

/** A custom kernel for an op of tfjs. It replaces the built-in kernel, if there is one, and may leave some cases to it. */
export function overrideWasmKernel<
  Inputs extends Readonly<Record<string, TensorInfo>>,
  Attributes extends object = object,
>(kernelName: string, compute: Compute<Inputs, Attributes>): WasmKernel {
  const make = (builtIn: KernelFunc | undefined): KernelFunc =>
    function kernel(call) {
      const theirs = (attributes = call.attrs) => {
        if (builtIn === undefined) {
          throw new Error(`${kernelName}: tfjs' WASM backend has no kernel for this case.`);
        }
        return builtIn({ ...call, ...(attributes && { attrs: attributes }) });
      };
      const heap = new Heap(call.backend as BackendWasm);
      return compute(heap, call.inputs as Inputs, call.attrs as Attributes, theirs);
    };
  return { kernelName, make };
}
