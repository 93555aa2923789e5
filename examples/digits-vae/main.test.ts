import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { expect, test } from "vitest";
import { drawn, main } from "./main.ts";

test("an unseen digit costs at most 25 nats, and less by 50 codes", async () => {
  await useBackend({ only: "wasm" });
  const { loss, reconstruction, divergence, weighted, model } = await main();
  expect(loss).toBeLessThanOrEqual(25);
  expect(reconstruction + divergence).toBeCloseTo(loss, 3);
  expect(weighted).toBeLessThan(loss);
  const [image] = model.sample(1, { rng: new Rng(1) }).arraySync() as number[][];
  expect(drawn(image!)).toMatch(/[#%@*]/); // there is ink
});
