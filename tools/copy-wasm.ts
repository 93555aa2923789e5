// Puts tfjs' .wasm files next to the code of the package in the current folder, where its `new URL(…, import.meta.url)`
// look for them: in src, which tests run, and in dist, which users get.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const from = dirname(
  createRequire(join(process.cwd(), "package.json")).resolve("@tensorflow/tfjs-backend-wasm"),
);
for (const folder of ["src/wasm", "dist/wasm"]) {
  mkdirSync(folder, { recursive: true });
  for (const build of ["", "-simd", "-threaded-simd"]) {
    const name = `tfjs-backend-wasm${build}.wasm`;
    copyFileSync(join(from, name), join(folder, name));
  }
}
