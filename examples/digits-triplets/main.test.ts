import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a few steps are enough to tell whether two digits are the same", { timeout: 300_000 }, async () => {
  const tensors = memory().numTensors;
  const { encoder, seenAuc, unseenAuc, oneShot } = await main({ steps: 60 });
  expect(seenAuc).toBeGreaterThan(0.85);
  expect(unseenAuc).toBeGreaterThan(0.65);
  expect(oneShot).toBeGreaterThan(0.6);
  encoder.dispose();
  expect(memory().numTensors).toBe(tensors);
});

test.runIf(process.env["PELLUCID_LONG"] !== undefined)(
  "digits that were never seen are compared as by PyTorch",
  { timeout: 3_600_000 },
  async () => {
    const { encoder, seenAuc, unseenAuc } = await main();
    expect(seenAuc).toBeGreaterThanOrEqual(0.95);
    expect(unseenAuc).toBeGreaterThanOrEqual(0.75);
    encoder.dispose();
  },
);
