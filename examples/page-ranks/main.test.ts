import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("states that settle know ranks of other pages better than two steps do, and nothing leaks", async () => {
  const tensors = memory().numTensors;
  const settled = await main({ steps: 130 });
  const twoSteps = await main({ steps: 130, model: "two-steps" });
  expect(settled).toBeGreaterThan(0.85); // 0.992 after 300 steps
  expect(twoSteps).toBeLessThan(0.75);
  expect(memory().numTensors).toBe(tensors);
}, 120_000);
