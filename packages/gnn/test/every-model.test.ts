// Every model against PyG in 64 bits: names, initial weights of a seed, outputs, gradients, dropout of the seed.
import { useBackend } from "@pellucid/backends";
import type { Rng } from "@pellucid/core-train";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConvRow } from "./rows/convolutions.ts";
import { models } from "./rows/models.ts";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(import.meta.url, "../fixtures/torch/models.json");

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.each(cases.map((c) => [c.title, c] as const))("%s agrees with PyG", async (title, c) => {
    const row = models[title] as ConvRow;
    await checkLayerAgainstTorch(c, row.make as (rng: Rng) => TestedLayer, row.input);
  });
});

test("each case has a row", () => {
  expect(Object.keys(models).toSorted()).toEqual(cases.map(({ title }) => title).toSorted());
});
