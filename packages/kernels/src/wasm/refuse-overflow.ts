import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { SLACK } from "./slack.ts";

const guarded = new WeakSet<object>();

/** What WebAssembly of 32 bits can address. */
const MOST_BYTES = 2 ** 32 - 1;

/**
 * Makes a tensor that does not fit into the memory of `backend` an error. tfjs asks for its bytes modulo 2³², and takes the address 0, which says that there is no memory left, for one: it then
 * writes over other tensors. Each tensor also gets the bytes after its last number that kernels may read.
 */
export function refuseOverflow({ wasm }: BackendWasm): void {
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  const call = (name: "_malloc" | "_free", value: number) =>
    (Reflect.get(wasm, name) as (value: number) => number)(value);
  call("_free", call("_malloc", 8)); // emscripten puts the function itself in place of a stub at the first call
  const allocate = Reflect.get(wasm, "_malloc") as (bytes: number) => number;
  const checked = (bytes: number): number => {
    const address = bytes <= MOST_BYTES - SLACK ? allocate(bytes + SLACK) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `wasm: a tensor of ${bytes} bytes does not fit into the memory that is left, of 4 GiB at most. Make it smaller, or dispose of others.`,
    );
  };
  Reflect.set(wasm, "_malloc", checked);
}
