import { env, getBackend } from "@tensorflow/tfjs-core";

let wanted: number | null = null;
let running = 1;

/** TEMP */
export async function setNumThreads(count: number): Promise<void> {
  wanted = count;
  if (getBackend() === "wasm") await startThreads();
}

export function getNumThreads(): number {
  return running;
}

export async function startThreads(): Promise<number> {
  const asked = env().getBool("IS_NODE") ? Number(globalThis.process.env["PELLUCID_NUM_THREADS"] ?? 1) : 1;
  running = await (await import("@pellucid/kernels")).setWasmThreads(wanted ?? asked);
  return running;
}
