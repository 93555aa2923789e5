import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const program = join(import.meta.dirname, "processes", "resume.ts");
const folder = mkdtempSync(join(tmpdir(), "pellucid-"));
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains up to a step in a new process, on each backend, and gives what the checkpoints' paths begin with. */
function train(steps: number, from?: string): string {
  const to = join(folder, `${steps}-${from === undefined ? "through" : "resumed"}`);
  const args = [program, String(steps), to, ...(from === undefined ? [] : [from])];
  execFileSync(process.execPath, args, { env, stdio: ["ignore", "inherit", "pipe"] });
  return to;
}

const epoch = 5; // batches

test("six epochs are three, a new process, and three: every bit of the checkpoint is the same", () => {
  const through = train(6 * epoch);
  const resumed = train(6 * epoch, train(3 * epoch));
  for (const backend of ["cpu", "wasm"]) {
    const [one, other] = [through, resumed].map((path) => readFileSync(`${path}-${backend}`));
    expect(other?.equals(one as Buffer), backend).toBe(true);
  }
});
