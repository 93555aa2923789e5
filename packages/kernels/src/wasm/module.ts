import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ThreadCode } from "../threads/thread-pool.ts";
import type { Threads } from "../threads/threads.ts";
import { type Functions, functionsOf } from "./functions.generated.ts";

/** Our functions, and the memory they work in. */
export interface Instance {
  /** While a step is recorded, functions that are noted. */
  functions: Functions;
  readonly exports: Parameters<typeof functionsOf>[0];
  readonly memory: WebAssembly.Memory;
  /** The step that is being recorded. */
  recording: HeapRecording | null;
  /** What shares the work, where the memory is shared. */
  readonly threads: Threads | null;
}

/** What kernels tell the recording of a step. */
export interface HeapRecording {
  /** The address of integers that stay as they are. */
  constant(numbers: Int32Array): number;
  /** Has `check` see the numbers of a tensor, now and in each replay. */
  check(tensor: TensorInfo, check: (numbers: ArrayLike<number>) => void): void;
}

const instances = new WeakMap<BackendWasm, Instance>();

/** Our functions at work in the memory of `backend`. */
export function instanceIn(backend: BackendWasm): Instance {
  const instance = instances.get(backend);
  if (instance === undefined) {
    throw new Error("The WASM backend was started anew: call registerWasmKernels again.");
  }
  return instance;
}

/** Starts our WebAssembly in the memory of `backend`, unless it runs there already. */
export async function startIn(backend: BackendWasm): Promise<void> {
  if (instances.has(backend)) return;
  const memory = memoryOf(backend);
  const { instance, module } = await WebAssembly.instantiate(await bytesFor(memory), { env: { memory } });
  const own = instance.exports as Instance["exports"];
  const threads = isShared(memory)
    ? await threadsOf(backend, { module, memory, exports: own as never })
    : null;
  const exports = (threads?.exports as Instance["exports"] | undefined) ?? own;
  instances.set(backend, { functions: functionsOf(exports), exports, memory, recording: null, threads });
}

async function threadsOf(backend: BackendWasm, code: ThreadCode): Promise<Threads> {
  const { Threads } = await import("../threads/threads.ts");
  return new Threads(backend, code);
}

const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer;

/** Finds tfjs' memory, which tfjs does not expose: emscripten's plain build has it among the exports, its threaded build next to them. */
function memoryOf({ wasm }: BackendWasm): WebAssembly.Memory {
  const exports: unknown = Reflect.get(wasm, "asm");
  const own: unknown =
    typeof exports === "object" && exports !== null ? Reflect.get(exports, "memory") : null;
  const found: unknown = own ?? Reflect.get(wasm, "wasmMemory");
  if (found instanceof WebAssembly.Memory) return found;
  throw new Error(
    "The memory of tfjs' WASM backend was not found: this version of it is not one that we know.",
  );
}

/** The fastest build that works in this memory and that this engine knows. */
async function bytesFor(memory: WebAssembly.Memory): Promise<Uint8Array<ArrayBuffer>> {
  const isInThreads = isShared(memory);
  const relaxed = decode(
    await (isInThreads ? import("./shared-relaxed.generated.ts") : import("./plain-relaxed.generated.ts")),
  );
  if (WebAssembly.validate(relaxed)) return relaxed;
  return decode(await (isInThreads ? import("./shared.generated.ts") : import("./plain.generated.ts")));
}

const decode = ({ wasm }: { readonly wasm: string }): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
