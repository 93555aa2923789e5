// Compiles packages/kernels/assembly to WebAssembly and writes it into the source as text, so that no bundler needs to
// know of it: for memory of its own thread and for the shared memory of tfjs' threaded build; each with the fused
// multiply-add of relaxed SIMD, and without it for engines that do not know it. And, from the sources: a typed
// function for each one that the WebAssembly exports, and the list of each backend's kernels.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemblyFunctions } from "./kernels/assembly-functions.ts";
import { assemblySources } from "./kernels/assembly-sources.ts";
import { kernelLists } from "./kernels/kernel-lists.ts";

const options = ["--importMemory", "--runtime", "stub", "--noAssert", "-O3"];
const quiet = ["--disableWarning", "112"]; // exchange of v128 between our own functions
const shared = ["--sharedMemory", "--maximumMemory", "65536"];
const builds = {
  plain: ["--enable", "simd,bulk-memory"],
  "plain-relaxed": ["--enable", "simd,bulk-memory,relaxed-simd"],
  shared: ["--enable", "simd,bulk-memory,threads", ...shared],
  "shared-relaxed": ["--enable", "simd,bulk-memory,relaxed-simd,threads", ...shared],
};

writeFileSync("src/wasm/functions.generated.ts", assemblyFunctions("assembly"));
for (const [file, text] of Object.entries(kernelLists("src"))) writeFileSync(join("src", file), text);

const folder = mkdtempSync(join(tmpdir(), "kernels-"));
try {
  for (const [name, more] of Object.entries(builds)) {
    const file = join(folder, `${name}.wasm`);
    execFileSync("asc", [...assemblySources("assembly"), "-o", file, ...options, ...quiet, ...more], {
      stdio: "inherit",
    });
    const text = readFileSync(file).toString("base64");
    writeFileSync(`src/wasm/${name}.generated.ts`, `export const wasm =\n  "${text}";\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
