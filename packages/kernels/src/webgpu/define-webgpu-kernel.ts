import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Contract, KernelAttributes, KernelInputs, KernelOutput } from "../contract.ts";
import type { Replacement } from "../replace-kernel.ts";

/** A kernel for tfjs' WebGPU backend. */
export type WebgpuKernel = Replacement;

/** The WebGPU kernel of a custom op, `defineWebgpuKernel<typeof op>`, whose name, inputs, attributes and outputs are those of the op. */
export function defineWebgpuKernel<Op extends Contract>(
  kernelName: Op["kernelName"],
  compute: (
    backend: WebGPUBackend,
    inputs: KernelInputs<Op>,
    attributes: KernelAttributes<Op>,
  ) => KernelOutput<Op>,
): WebgpuKernel {
  const kernel: KernelFunc = ({ backend, inputs, attrs }) =>
    compute(
      backend as WebGPUBackend,
      inputs as object as KernelInputs<Op>,
      attrs as object as KernelAttributes<Op>,
    ) as TensorInfo | TensorInfo[];
  return { kernelName, make: () => kernel };
}
