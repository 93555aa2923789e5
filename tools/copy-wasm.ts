// Puts tfjs' .wasm files next to the code of the package in the current folder, where its `new URL(…, import.meta.url)`
// look for them: in src, which tests run, and in dist, which users get. The build with SIMD is there once more with a memory
// that threads share: the same bytes but for one, the flags of its memory.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { withSharedMemory } from "./kernels/with-shared-memory.ts";

const from = dirname(
  createRequire(join(process.cwd(), "package.json")).resolve("@tensorflow/tfjs-backend-wasm"),
);
for (const folder of ["src/wasm", "dist/wasm"]) {
  mkdirSync(folder, { recursive: true });
  for (const build of ["", "-simd"]) {
    const name = `tfjs-backend-wasm${build}.wasm`;
    copyFileSync(join(from, name), join(folder, name));
  }
  const shared = withSharedMemory(readFileSync(join(from, "tfjs-backend-wasm-simd.wasm")));
  writeFileSync(join(folder, "tfjs-backend-wasm-simd-shared.wasm"), shared);
}
