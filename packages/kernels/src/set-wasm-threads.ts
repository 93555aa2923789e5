import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, getBackend } from "@tensorflow/tfjs-core";
import { instanceIn } from "./wasm/module.ts";

/**
 * Has the kernels of tfjs' WASM backend, which must be the active one with {@link registerWasmKernels} called, computed by so many threads, the caller's
 * among them. Results are the same bits for any number. Where the backend's memory is not shared there is one.
 *
 * @param count at most 64
 * @returns how many there are now, once they run
 * @throws RangeError for another backend, or a count that is not an integer of 1 or more
 * @throws ThreadError if a thread could not be started; there is one then
 */
export async function setWasmThreads(count: number): Promise<number> {
  if (!Number.isInteger(count) || count < 1) {
    const given: string = typeof count === "number" ? `${count}` : typeof count;
    throw new RangeError(`setWasmThreads: the count is ${given}, expected an integer of 1 or more.`);
  }
  if (getBackend() !== "wasm") {
    throw new RangeError(
      `setWasmThreads: the active backend is ${getBackend()}, expected wasm. Await setBackend("wasm") first.`,
    );
  }
  const { threads } = instanceIn(backend() as BackendWasm);
  await threads?.set(count);
  return threads?.count ?? 1;
}
