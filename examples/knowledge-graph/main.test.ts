import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { family, main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a relational graph network ranks the relatives that were left out high, and leaks nothing", async () => {
  const tensors = memory().numTensors;
  const before = await main({ ...family(), epochs: 0 });
  const after = await main({ ...family(), epochs: 40 });
  expect(before).toBeLessThan(0.2);
  expect(after).toBeGreaterThan(0.35);
  expect(memory().numTensors).toBe(tensors);
});
