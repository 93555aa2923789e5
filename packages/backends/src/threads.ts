import { env, getBackend } from "@tensorflow/tfjs-core";
import { BackendError } from "./backend-error.ts";

/** How many were asked for; `null` where nobody did. */
let wanted: number | null = null;

/** How many there are on WASM, once it has begun. */
let running = (): number => 1;

/**
 * Has WASM compute with so many threads, as `torch.set_num_threads` does: the caller's, and others that share the backend's memory.
 *
 * Products, convolutions, attention, recurrences and scans, norms and large elementwise ops are shared among them, in eager and in compiled steps, where
 * there is enough to compute; every result has the same bits for any number. Threads are there in Node and in pages that are cross-origin isolated. Elsewhere
 * there is one, as on the other backends. More than the cores that are there make it slower; more than 64 count as 64. In Node they do not keep the process alive. It may be called before or after `useBackend`.
 *
 * PyTorch's default is all cores; here it is 1, or in Node what the environment variable `PELLUCID_NUM_THREADS` says.
 *
 * ```ts
 * await useBackend({ only: "wasm" });
 * await setNumThreads(2);
 * ```
 *
 * @returns once they run; what is computed before is right, too
 * @throws {@link BackendError} for a count that is not an integer of 1 or more
 * @throws ThreadError if a thread could not be started. An op throws it if its thread fails or ends; after it there is one thread until this is called again
 */
export async function setNumThreads(count: number): Promise<void> {
  checkCount("setNumThreads: the count", count);
  wanted = count;
  if ((getBackend() as string | undefined) === "wasm") await startThreads();
}

/** The number of threads that ops are computed with, as `torch.get_num_threads`: 1 on other backends than WASM. Before a backend has begun, how many were asked for. */
export function getNumThreads(): number {
  const active: string | undefined = getBackend();
  if (active === "wasm") return running();
  return active === undefined || active === "" ? (wanted ?? ofEnvironment()) : 1;
}

/** Starts those that were asked for on WASM, which is active, and returns how many there are. */
export async function startThreads(): Promise<number> {
  const { getWasmThreads, setWasmThreads } = await import("@pellucid/kernels");
  running = getWasmThreads;
  return setWasmThreads(wanted ?? ofEnvironment());
}

function ofEnvironment(): number {
  const value = env().getBool("IS_NODE") ? globalThis.process.env["PELLUCID_NUM_THREADS"] : undefined;
  if (value === undefined || value === "") return 1;
  const count = Number(value);
  checkCount("PELLUCID_NUM_THREADS", Number.isNaN(count) ? value : count);
  return count;
}

function checkCount(what: string, count: unknown): void {
  if (Number.isInteger(count) && (count as number) >= 1) return;
  const given =
    typeof count === "number" ? `${count}` : typeof count === "string" ? `"${count}"` : typeof count;
  throw new BackendError(`${what} is ${given}, expected an integer of 1 or more.`);
}
