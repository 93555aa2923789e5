import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { assemblySources } from "./assembly-sources.ts";
import { compile } from "./compile.ts";

/** What reads and writes memory in AssemblyScript, and the function that asks before it does the same. */
const accesses: readonly (readonly [RegExp, string])[] = [
  [/\bv128\.load\(/g, "checkedVector("],
  [/\bv128\.load32_splat\(/g, "checkedSplat("],
  [/\bv128\.load32_zero\(/g, "checkedOne("],
  [/\bv128\.load64_zero\(/g, "checkedTwo("],
  [/\bv128\.store\(/g, "storeCheckedVector("],
  [/\bload</g, "checkedNumber<"],
  [/\bstore</g, "storeCheckedNumber<"],
  [/\bmemory\.fill\(/g, "fillChecked("],
  [/\bmemory\.copy\(/g, "copyChecked("],
];

/** Each calls `check(address, bytes, whether it writes)` of JavaScript before it touches memory. */
const checks = `@external("bounds", "check") declare function check(at: usize, bytes: usize, isWrite: bool): void;
export function checkedNumber<T>(at: usize, offset: usize = 0): T { check(at + offset, sizeof<T>(), false); return load<T>(at + offset); }
export function storeCheckedNumber<T>(at: usize, value: T, offset: usize = 0): void { check(at + offset, sizeof<T>(), true); store<T>(at + offset, value); }
export function checkedVector(at: usize, offset: usize = 0): v128 { check(at + offset, 16, false); return v128.load(at + offset); }
export function checkedSplat(at: usize, offset: usize = 0): v128 { check(at + offset, 4, false); return v128.load32_splat(at + offset); }
export function checkedOne(at: usize, offset: usize = 0): v128 { check(at + offset, 4, false); return v128.load32_zero(at + offset); }
export function checkedTwo(at: usize, offset: usize = 0): v128 { check(at + offset, 8, false); return v128.load64_zero(at + offset); }
export function storeCheckedVector(at: usize, value: v128, offset: usize = 0): void { check(at + offset, 16, true); v128.store(at + offset, value); }
export function fillChecked(at: usize, value: u8, bytes: usize): void { if (bytes > 0) check(at, bytes, true); memory.fill(at, value, bytes); }
export function copyChecked(to: usize, from: usize, bytes: usize): void { if (bytes > 0) { check(from, bytes, false); check(to, bytes, true); } memory.copy(to, from, bytes); }
`;

/**
 * The WebAssembly of a folder of AssemblyScript in which every access to memory first asks `check` of the module `bounds`.
 *
 * @param change edits the text of a file before, to plant a fault
 */
export function checkedAssembly(
  folder: string,
  change = (text: string, _file: string): string => text,
): Buffer {
  const copy = mkdtempSync(join(tmpdir(), "checked-"));
  try {
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "parts", "checks.ts"), checks);
    for (const file of readdirSync(copy, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts") || file.endsWith("checks.ts")) continue;
      const path = join(copy, file);
      writeFileSync(path, withChecks(change(readFileSync(path, "utf8"), file), file));
    }
    return compile(assemblySources(copy), [
      "--enable",
      "simd,bulk-memory,threads",
      "--sharedMemory",
      "--maximumMemory",
      "65536",
    ]);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function withChecks(text: string, file: string): string {
  const asking = accesses.reduce((all, [access, name]) => all.replace(access, name), text);
  const left = /\b(v128\.(load|store)\w*|memory\.\w+|atomic\.\w+)\(/.exec(asking);
  if (left !== null) throw new SyntaxError(`${file}: ${left[1]} is not checked. Add it to the accesses.`);
  const used = [...new Set(accesses.map(([, name]) => name.slice(0, -1)))].filter((name) =>
    asking.includes(name),
  );
  const from = join(relative(dirname(file), "parts"), "checks");
  return `import { ${used.join(", ")} } from "${from.startsWith(".") ? from : `./${from}`}";\n${asking}`;
}
