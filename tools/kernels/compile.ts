import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const compiler = join(import.meta.dirname, "../../packages/kernels/node_modules/assemblyscript/bin/asc.js");
const options = ["--importMemory", "--runtime", "stub", "--noAssert", "-O3"];
const quiet = ["--disableWarning", "112"]; // exchange of v128 between our own functions

/**
 * The WebAssembly of AssemblyScript's files.
 *
 * @throws {Error} If it has data of its own: they would be written where tfjs keeps its own, whose memory it shares.
 */
export function compile(sources: readonly string[], flags: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const file = join(folder, "kernels.wasm");
    execFileSync(process.execPath, [compiler, ...sources, "-o", file, ...options, ...quiet, ...flags], {
      stdio: "inherit",
    });
    const bytes = readFileSync(file);
    if (hasData(bytes)) {
      throw new Error(
        "assembly: something has a table of its own, as Math.log of AssemblyScript has, expected none: it would be written over tfjs' memory. Compute without it.",
      );
    }
    return bytes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The number of the section of data, in WebAssembly's binary format. */
const DATA = 11;

function hasData(bytes: Uint8Array): boolean {
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    if (bytes[at++] === DATA) return true;
    const size = number();
    at += size;
  }
  return false;
}
