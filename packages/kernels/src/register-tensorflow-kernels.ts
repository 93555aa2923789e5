import { Transform } from "@tensorflow/tfjs-core";
import { type ComposedKernel, registerComposedKernels } from "./composed/define-composed-kernel.ts";
import { fromCpu } from "./from-cpu/from-cpu.ts";
import { tensorflowFromCpu } from "./from-cpu/kernels.ts";
import { counting } from "./tensorflow/counting.ts";
import { dilatedConv3d } from "./tensorflow/dilated-conv3d.ts";
import { explicitPadding } from "./tensorflow/explicit-padding.ts";
import { transformEach } from "./transform/each.ts";

const transform: ComposedKernel = {
  ...transformEach,
  make: () => transformEach.make(fromCpu(Transform).make(undefined)),
};

/**
 * Gives tfjs-node, on a processor or an NVIDIA GPU, what it lacks: padding by numbers, without which a convolutional net
 * does not run, volumes with dilation, counts, and what the CPU backend alone can do. Calling it again changes nothing.
 */
export function registerTensorflowKernels(): void {
  registerComposedKernels("tensorflow", [
    ...counting,
    ...dilatedConv3d,
    ...explicitPadding,
    ...tensorflowFromCpu,
    transform,
  ]);
}
