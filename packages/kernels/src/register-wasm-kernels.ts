import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, getBackend } from "@tensorflow/tfjs-core";
import { replaceKernels } from "./replace-kernel.ts";
import { kernels } from "./wasm.generated.ts";
import { refuseOverflow } from "./wasm/refuse-overflow.ts";
import { startIn } from "./wasm/module.ts";

/**
 * Gives tfjs' WASM backend, which must be the active one, the kernels that it lacks for training, and right ones instead of
 * those that are wrong. Calling it again changes nothing.
 *
 * @throws RangeError if another backend is active
 */
export async function registerWasmKernels(): Promise<void> {
  if (getBackend() !== "wasm") {
    throw new RangeError(
      `registerWasmKernels: the active backend is ${getBackend()}, expected wasm. Await setBackend("wasm") first.`,
    );
  }
  const wasm = backend() as BackendWasm;
  refuseOverflow(wasm);
  await startIn(wasm);
  replaceKernels("wasm", kernels);
}
