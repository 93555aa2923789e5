import { env, setBackend } from "@tensorflow/tfjs-core";
import { type Candidate, Unavailable } from "./candidate.ts";
import { loadFailure } from "./load-failure.ts";
import { startThreads } from "../threads.ts";

/** WebAssembly: the embedded default, on one core or, where a page is cross-origin isolated, on several. */
export const wasm: Candidate = {
  name: "wasm",
  async start({ wasmFolder }) {
    checkPolicy();
    const tfjs = await import("@tensorflow/tfjs-backend-wasm");
    if (!(await env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
      throw new Unavailable("its WebAssembly has no SIMD, which our kernels need");
    }
    const from = addresses(wasmFolder, sharesMemory());
    tfjs.setWasmPaths(from);
    env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // tfjs' own threads, which our kernels have no use for
    if (!(await setBackend("wasm"))) throw new Unavailable(await loadFailure(from[simd]));
    await (await import("@pellucid/kernels")).registerWasmKernels();
    return { "tfjs-backend-wasm": tfjs.version_wasm, threads: `${await startThreads()}` };
  },
};

/** @throws {@link Unavailable} where there is no WebAssembly, or a page may not compile any. */
function checkPolicy(): void {
  if (typeof WebAssembly === "undefined") throw new Unavailable("there is no WebAssembly here");
  try {
    void new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)); // the empty module
  } catch (cause) {
    const reason =
      "the page's content security policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src";
    throw new Unavailable(reason, { cause });
  }
}

/** Whether threads can share memory here: in Node, and in pages that are cross-origin isolated. */
function sharesMemory(): boolean {
  return (
    typeof SharedArrayBuffer !== "undefined" && (env().getBool("IS_NODE") || globalThis.crossOriginIsolated)
  );
}

/**
 * Where the builds are. Each address is spelled out, for that is how bundlers find the files and copy them.
 *
 * @param isShared whether the build with SIMD is the one whose memory threads share
 */
function addresses(folder: string | URL | undefined, isShared: boolean): Record<Build, string> {
  if (folder !== undefined) {
    const at = `${folder}`.replace(/\/?$/, "/");
    return { [plain]: at + plain, [simd]: at + (isShared ? shared : simd), [threaded]: at + threaded };
  }
  return {
    [plain]: new URL("../wasm/tfjs-backend-wasm.wasm", import.meta.url).href,
    [simd]: isShared
      ? new URL("../wasm/tfjs-backend-wasm-simd-shared.wasm", import.meta.url).href
      : new URL("../wasm/tfjs-backend-wasm-simd.wasm", import.meta.url).href,
    [threaded]: "",
  };
}

const plain = "tfjs-backend-wasm.wasm";
const simd = "tfjs-backend-wasm-simd.wasm";
const shared = "tfjs-backend-wasm-simd-shared.wasm";
const threaded = "tfjs-backend-wasm-threaded-simd.wasm"; // tfjs asks for its address, and does not load it
type Build = typeof plain | typeof simd | typeof threaded;
