import {
  clone,
  getKernel,
  type KernelFunc,
  registerKernel,
  Round,
  type Tensor,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

let fixed: KernelFunc | undefined;

/** Replaces kernels that current versions of TensorFlow's library get wrong: rounding of integers returns zeros. */
export function fixTensorflowKernels(): void {
  const builtIn = getKernel(Round, "tensorflow");
  if (builtIn === undefined || builtIn.kernelFunc === fixed) return;
  fixed = (call) => {
    const { x } = call.inputs;
    return x?.dtype === "int32" ? clone(x as Tensor) : builtIn.kernelFunc(call);
  };
  unregisterKernel(Round, "tensorflow");
  registerKernel({ kernelName: Round, backendName: "tensorflow", kernelFunc: fixed });
}
