import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "./define-wasm-kernel.ts";
import { type Compute, overrideWasmKernel } from "./override-wasm-kernel.ts";

/**
 * {@link overrideWasmKernel} of a kernel that reads floats, and refuses all else: bytes are never read as another type.
 *
 * @throws {TypeError} From the kernel, for an input of another dtype.
 */
export function overrideFloatKernel<
  Inputs extends Readonly<Record<string, TensorInfo>>,
  Attributes extends object = object,
>(kernelName: string, compute: Compute<Inputs, Attributes>): WasmKernel {
  return overrideWasmKernel<Inputs, Attributes>(kernelName, (heap, inputs, attributes, builtIn) => {
    for (const [name, { dtype }] of Object.entries(inputs)) {
      if (dtype === "float32") continue;
      throw new TypeError(
        `${kernelName}: ${name} is ${dtype}, expected float32 on WASM. Cast it: cast(${name}, "float32").`,
      );
    }
    return compute(heap, inputs, attributes, builtIn);
  });
}
