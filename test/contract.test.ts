// Every public function and class of every package, called with what nobody should pass. It may take it; otherwise it refuses with an error of the project that says who throws, and leaves nothing.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostileArguments } from "./contract/hostile-arguments.ts";
import { mostRaw } from "./contract/most-raw.ts";
import { type Callable, type Outcome, outcomeOf } from "./contract/outcome-of.ts";

const packages = join(import.meta.dirname, "../packages");
const published = readdirSync(packages).filter(
  (name) => name !== "testing" && name !== "backends" && existsSync(join(packages, name, "src/index.ts")),
);

/** Further entries of a package, which are called as its own. */
const parts: Readonly<Record<string, readonly string[]>> = {
  mamba: ["recurrences"],
  rl: ["environments", "tabular"],
};

/** It answers the messages of a page, and only within a worker. */
const skipped = new Set(["serveDataset"]);

const { fetch } = globalThis;
const { stackTraceLimit } = Error;

/** Where a list of the wrong calls of each package is written: outcome, function, arguments, error, and the line that threw. */
const folder = process.env["PELLUCID_CONTRACT"];

beforeAll(async () => {
  await useBackend({ only: "wasm" });
  globalThis.fetch = () => Promise.reject(new TypeError("fetch failed"));
  Error.stackTraceLimit = folder === undefined ? 0 : 50;
});

afterAll(() => {
  globalThis.fetch = fetch;
  Error.stackTraceLimit = stackTraceLimit;
});

test.each(published)("%s refuses what it does not take, by name", async (name) => {
  const exported: Record<string, unknown> = {};
  for (const part of ["", ...(parts[name] ?? [])])
    Object.assign(exported, await import(join(packages, name, "src", part, "index.ts")));
  const counts: Record<Outcome, number> = { accepted: 0, refused: 0, raw: 0, trap: 0, hang: 0, leak: 0 };
  const wrong: string[] = [];
  for (const [key, target] of Object.entries(exported)) {
    if (!isCallable(target) || skipped.has(key)) continue;
    for (const { title, make } of hostileArguments(target.length)) {
      const { outcome, error } = await outcomeOf(target, make());
      counts[outcome]++;
      if (outcome !== "accepted" && outcome !== "refused")
        wrong.push([outcome, key, title, String(error).split("\n")[0], lineOf(error)].join("\t"));
    }
  }
  const { accepted, refused, raw, ...never } = counts;
  const calls = Object.values(counts).reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${name}: of ${calls} calls ${refused} refused, ${accepted} taken, ${raw} raw\n`);
  if (folder !== undefined) writeFileSync(join(folder, `${name}.tsv`), wrong.join("\n"));
  expect(never, wrong.filter((line) => !line.startsWith("raw")).join("\n")).toEqual({
    trap: 0,
    hang: 0,
    leak: 0,
  });
  expect((100 * raw) / Math.max(1, calls)).toBeLessThanOrEqual(mostRaw[name] ?? 50);
});

/** Errors are left out: they take any text. */
function isCallable(value: unknown): value is Callable {
  if (typeof value !== "function") return false;
  const made: unknown = value.prototype;
  return !(made instanceof Error);
}

/** The innermost line of a package that an error passed. */
function lineOf(error: unknown): string {
  const { stack = "" } = Object(error) as Partial<Error>;
  return /packages\/([\w-]+\/src\/[^):]+:\d+)/.exec(stack)?.[1] ?? "";
}
