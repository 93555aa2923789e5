import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Replacement } from "../replace-kernel.ts";

/** A custom kernel for tfjs' CPU backend. */
export type CpuKernel = Replacement;

/** What a kernel gives: numbers, and their shape. */
export interface CpuResult {
  readonly numbers: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** The kernel registered under `kernelName`, from the numbers of its inputs. */
export function defineCpuKernel<
  Inputs extends Readonly<Record<string, TensorInfo>>,
  Attributes extends object,
>(
  kernelName: string,
  compute: (
    numbersOf: (tensor: TensorInfo) => Float32Array | Int32Array,
    inputs: Inputs,
    attributes: Attributes,
  ) => CpuResult,
): CpuKernel {
  const kernelFunc: KernelFunc = (call) => {
    const backend = call.backend as MathBackendCPU;
    const numbersOf = ({ dataId }: TensorInfo) =>
      backend.data.get(dataId).values as Float32Array | Int32Array;
    const { numbers, shape } = compute(numbersOf, call.inputs as Inputs, call.attrs as Attributes);
    const dtype = numbers instanceof Int32Array ? "int32" : "float32";
    return backend.makeTensorInfo([...shape], dtype, numbers);
  };
  return { kernelName, make: () => kernelFunc };
}
