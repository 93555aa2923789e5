import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const program = join(import.meta.dirname, "processes", "resume.ts");
const folder = mkdtempSync(join(tmpdir(), "pellucid-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains up to a step in a new process, and gives the checkpoint's path. */
function train(backend: string, steps: number, from?: string): string {
  const to = join(folder, `${backend}-${steps}-${from === undefined ? "through" : "resumed"}`);
  const args = [program, backend, String(steps), to, ...(from === undefined ? [] : [from])];
  execFileSync(process.execPath, args, { stdio: ["ignore", "inherit", "pipe"] });
  return to;
}

const epoch = 5; // batches

describe.each(["cpu", "wasm"])("on %s", (backend) => {
  test("six epochs are three, a new process, and three: every bit of the checkpoint is the same", () => {
    const through = readFileSync(train(backend, 6 * epoch));
    const resumed = readFileSync(train(backend, 6 * epoch, train(backend, 3 * epoch)));
    expect(resumed.equals(through)).toBe(true);
  }, 60_000);
});
