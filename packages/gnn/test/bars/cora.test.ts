// Accuracies on Cora, minutes for each model: run by PELLUCID_LONG=1 where Planetoid's files are.
import { useBackend } from "@pellucid/backends";
import { disposeLeaves } from "@pellucid/core-train";
import { toGraph } from "@pellucid/gnn";
import { beforeAll, describe, expect, test } from "vitest";
import { deep, shallow } from "./cora-models.ts";
import { cora, hasCora } from "./cora.ts";
import { fitNodes, type Recipe } from "./fit-nodes.ts";

const seedsOf = (count: number) =>
  process.env["PELLUCID_SEEDS"]?.split(",").map(Number) ?? Array.from({ length: count }, (_, seed) => seed);
const long = { timeout: 3_600_000 };

async function meanAccuracy(title: string, recipe: Recipe, seeds: readonly number[]): Promise<number> {
  const split = cora();
  const graph = toGraph(split.data);
  const found: number[] = [];
  for (const seed of seeds) {
    const start = performance.now();
    found.push(100 * (await fitNodes(recipe, graph, split, seed)));
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(`${title}, seed ${seed}: ${found.at(-1)?.toFixed(1)} % (${seconds} s)\n`);
  }
  disposeLeaves(graph);
  const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
  process.stdout.write(`${title}: mean of ${found.length} ${mean.toFixed(2)} %\n`);
  return mean;
}

describe.runIf(process.env["PELLUCID_LONG"] === "1" && hasCora)("on Cora, on wasm", () => {
  beforeAll(() => useBackend({ only: "wasm" }));

  test.each(Object.entries(shallow))("%s is within 0.7 points of PyG", long, async (title, recipe) => {
    expect(await meanAccuracy(title, recipe, seedsOf(10))).toBeGreaterThan(recipe.bar - 0.7);
  });

  test.each(Object.entries(deep))("the %s is within a point of PyG", long, async (title, recipe) => {
    expect(await meanAccuracy(title, recipe, seedsOf(2))).toBeGreaterThan(recipe.bar - 1);
  });
});
