import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { backend, getBackend } from "@tensorflow/tfjs-core";
import { instanceIn } from "./wasm/module.ts";

/** How many threads compute the kernels of tfjs' WASM backend now: 1 where it is not the active one, and after a thread has failed. */
export function getWasmThreads(): number {
  return getBackend() === "wasm" ? (instanceIn(backend() as BackendWasm).threads?.count ?? 1) : 1;
}
