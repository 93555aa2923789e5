// Compiles packages/kernels/assembly to WebAssembly and writes it into the source as text, so that no bundler needs to
// know of it: once for memory of its own thread, and once for the shared memory of tfjs' threaded build.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const options = ["--importMemory", "--runtime", "stub", "--noAssert", "-O3", "--enable", "simd,bulk-memory"];
const quiet = ["--disableWarning", "112"]; // exchange of v128 between our own functions
const builds = { plain: [], shared: ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"] };

const folder = mkdtempSync(join(tmpdir(), "kernels-"));
try {
  for (const [name, more] of Object.entries(builds)) {
    const file = join(folder, `${name}.wasm`);
    execFileSync("asc", ["assembly/index.ts", "-o", file, ...options, ...quiet, ...more], {
      stdio: "inherit",
    });
    const text = readFileSync(file).toString("base64");
    writeFileSync(`src/wasm/${name}.generated.ts`, `export const ${name} =\n  "${text}";\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
