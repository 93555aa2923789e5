import { useBackend } from "@pellucid/backends";
import { Rng, summary } from "@pellucid/core-train";
import { beforeAll, expect, test } from "vitest";
import { main, shapesDetector } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const isLong = process.env["PELLUCID_LONG"] !== undefined;

test("the detector has as many parameters as the README says", () => {
  expect(summary(shapesDetector(new Rng(0)), [1, 64, 64, 3]).trainable).toBe(80_435);
});

test("two epochs of the example lower the loss", { timeout: 120_000 }, async () => {
  const losses: number[] = [];
  await main({
    epochs: 2,
    train: 96,
    test: 4,
    watch: async function* (events) {
      for await (const event of events) {
        if (event.kind === "epoch") losses.push(event.loss);
        yield event;
      }
    },
  });
  expect(losses[1]).toBeLessThan((losses[0] as number) * 0.95);
});

test.runIf(isLong)(
  "twenty epochs find the shapes: mAP50 of 0.97 or more, mAP75 of 0.9",
  { timeout: 1_200_000 },
  async () => {
    const { map50, map75 } = await main();
    expect(map50).toBeGreaterThanOrEqual(0.97);
    expect(map75).toBeGreaterThanOrEqual(0.9);
  },
);
