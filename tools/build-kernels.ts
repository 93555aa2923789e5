// Compiles packages/kernels/assembly to WebAssembly and writes it into the source as text, so that no bundler needs to
// know of it: for memory of its own thread and for the shared memory of tfjs' threaded build; each with the fused
// multiply-add of relaxed SIMD, and without it for engines that do not know it. And, from the sources: a typed
// function for each one that the WebAssembly exports, and the list of each backend's kernels.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { assemblyFunctions, assemblyParameters } from "./kernels/assembly-functions.ts";
import { assemblySources } from "./kernels/assembly-sources.ts";
import { compile } from "./kernels/compile.ts";
import { kernelLists } from "./kernels/kernel-lists.ts";

const shared = ["--sharedMemory", "--maximumMemory", "65536"];
const builds = {
  plain: ["--enable", "simd,bulk-memory"],
  "plain-relaxed": ["--enable", "simd,bulk-memory,relaxed-simd"],
  shared: ["--enable", "simd,bulk-memory,threads", ...shared],
  "shared-relaxed": ["--enable", "simd,bulk-memory,relaxed-simd,threads", ...shared],
};

writeFileSync("src/wasm/functions.generated.ts", assemblyFunctions("assembly"));
writeFileSync("src/threads/parameters.generated.ts", assemblyParameters("assembly"));
for (const [file, text] of Object.entries(kernelLists("src"))) writeFileSync(join("src", file), text);

for (const [name, flags] of Object.entries(builds)) {
  const text = compile(assemblySources("assembly"), flags).toString("base64");
  writeFileSync(`src/wasm/${name}.generated.ts`, `export const wasm =\n  "${text}";\n`);
}
