// The programs of the README run, and print what it says.
import { useBackend } from "@pellucid/backends";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const programs = [...readme.matchAll(/```ts\n(import[^]*?)```/g)].map((match) => match[1] as string);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Runs a program, and gives what it logs. */
async function run(program: string | undefined): Promise<unknown[]> {
  const folder = mkdtempSync(join(import.meta.dirname, ".readme-"));
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    const path = join(folder, "program.ts");
    writeFileSync(path, `${program ?? ""}\nexport {};\n`);
    await import(path);
    return log.mock.calls.flat();
  } finally {
    log.mockRestore();
    rmSync(folder, { recursive: true });
  }
}

test("a language model learns a text and continues it", async () => {
  expect(await run(programs[0])).toEqual([1, 2, 3, 0, 1, 2, 3, 0]);
});

test("a state that is carried from step to step tells what no part alone can tell", async () => {
  const losses = (await run(programs[1])) as number[];
  expect(losses).toHaveLength(10);
  expect(losses[0]).toBeGreaterThan(0.5);
  expect(losses.at(-1)).toBeLessThan(0.01);
});

test("without the carried state the same program does not learn it", async () => {
  const program = programs[1]?.replace(
    "state = step.state;",
    "disposeLeaves(step.state), (state = model.initialState(1));",
  );
  const losses = (await run(program)) as number[];
  expect(Math.max(...losses.slice(-3))).toBeGreaterThan(0.1);
});
