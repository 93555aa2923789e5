import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test(
  "after a few steps both find some of the shapes, and nothing is left",
  { timeout: 120_000 },
  async () => {
    const tensors = memory().numTensors;
    const { regions, rcnn, fast } = await main({ pictures: 24, unseen: 6, epochs: 5 });
    expect(regions).toBeGreaterThan(5);
    expect(rcnn.map50).toBeGreaterThan(0.3);
    expect(fast.map50).toBeGreaterThan(0.3);
    expect(memory().numTensors).toBe(tensors);
  },
);

test.runIf(process.env["PELLUCID_LONG"] !== undefined)(
  "the whole run is as the README says",
  { timeout: 900_000 },
  async () => {
    const { rcnn, fast } = await main();
    expect(rcnn.map50).toBeGreaterThan(0.85);
    expect(fast.map50).toBeGreaterThan(0.85);
    expect(rcnn.milliseconds).toBeGreaterThan(fast.milliseconds);
  },
);
