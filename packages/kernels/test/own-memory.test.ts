import { createRequire } from "node:module";
import { dirname } from "node:path";
import { registerWasmKernels } from "@pellucid/kernels";
import { type BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { backend, setBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** Where tfjs keeps its tables and texts. */
const STATIC = 16_384;

test("starting our WebAssembly writes nothing into the memory of tfjs", async () => {
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(main)}/`);
  await setBackend("wasm");
  const { wasm } = backend() as BackendWasm;
  const now = () => (Reflect.get(wasm, "HEAPU8") as Uint8Array).slice(0, STATIC);
  const before = now();
  expect(new TextDecoder().decode(before)).toContain("Unknown dtype");
  await registerWasmKernels();
  expect(now()).toEqual(before);
});
