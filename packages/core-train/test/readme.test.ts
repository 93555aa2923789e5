// The README's programs run, and do what it says.
import { readFileSync } from "node:fs";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test, vi } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** Runs a program that the README shows word for word: what it printed. */
async function printed(name: string): Promise<unknown[][]> {
  const program = readFileSync(new URL(`./readme/${name}.ts`, import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${program.trim()}\n\`\`\``);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await import(`./readme/${name}.ts`);
    return log.mock.calls;
  } finally {
    log.mockRestore();
  }
}

test("fit trains a model of records with a loss of its own", async () => {
  const lines = await printed("records");
  expect(lines).toHaveLength(10);
  const [first, last] = [lines[0]?.[1], lines[9]?.[1]] as [number, number];
  expect(last).toBeLessThan(first / 10);
});

test("a loop of steps with two optimizers trains a generator, and frees all but its weights", async () => {
  const before = memory().numTensors;
  const lines = await printed("gan");
  const [step, , center] = lines.at(-1) as [number, number, Float32Array];
  expect(step).toBe(600);
  expect(Math.abs((center[0] ?? 0) - 3)).toBeLessThan(0.3);
  const ofWeights = 2 * 4;
  const ofAdam = 2 * (2 * 4 + 1); // two Adam moments of each parameter, and a count
  expect(memory().numTensors - before).toBeLessThanOrEqual(ofWeights + ofAdam + 2);
});
