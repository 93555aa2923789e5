import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { draw } from "./draw.ts";
import { main } from "./main.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("800 steps are enough for samples that are far from noise", { timeout: 120_000 }, async () => {
  const { distances, floor, noise, samples, diffusion } = await main({ steps: 800, samples: 200 });
  expect(floor).toBeLessThan(0.02 * noise);
  for (const distance of Object.values(distances)) expect(distance).toBeLessThan(0.5 * noise);
  expect(samples.shape).toEqual([200, 64]);
  diffusion.dispose();
});

test.runIf(process.env["PELLUCID_LONG"] !== undefined)("6,000 steps", { timeout: 1_800_000 }, async () => {
  const { distances, noise, medianRatio } = await main();
  for (const distance of Object.values(distances)) expect(distance).toBeLessThan(0.081 * noise); // 3.5 of 43
  expect(medianRatio).toBeGreaterThan(0.7); // not copies
});

test("a digit is drawn two characters a pixel", () => {
  const lines = draw(Array.from({ length: 512 }, (_, i) => (i < 64 ? -1 : 1))).split("\n");
  expect(lines).toHaveLength(8);
  expect(lines[0]?.startsWith(`${" ".repeat(16)}  ██`)).toBe(true);
});
