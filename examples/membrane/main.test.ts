import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main, membrane, type Section } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** Dark lines on bright noise. */
function madeUp(rng: Rng): Section {
  const size = 64;
  const [shift = 0] = rng.randint(0, 16, [1]).data;
  const mask = Int32Array.from({ length: size * size }, (_, i) =>
    Number(((i % size) + shift) % 16 < 4 || (Math.floor(i / size) + shift) % 16 < 4),
  );
  const noise = rng.uniform([size * size], -0.2, 0.2).data;
  return { size, mask, picture: noise.map((n, i) => n + (mask[i] === 1 ? -0.15 : 0.15)) };
}

test("a few steps find made-up membranes, and leak nothing", { timeout: 120_000 }, async () => {
  const rng = new Rng(0);
  const [seen, unseen] = [[madeUp(rng), madeUp(rng)], [madeUp(rng)]];
  const tensors = memory().numTensors;
  const { model, meanIou } = await main({ seen, unseen, steps: 40, side: 32, channels: 4, rate: 3e-2 });
  model.dispose();
  expect(meanIou).toBeGreaterThan(0.6);
  expect(memory().numTensors).toBe(tensors);
});

const data = process.env["PELLUCID_DATA"];

test.runIf(process.env["PELLUCID_LONG"] !== undefined && data !== undefined)(
  "membranes of ISBI's challenge are found as by PyTorch",
  { timeout: 3_600_000 },
  async () => {
    const folder = join(data as string, "membrane");
    const [seen, unseen] = [await membrane(folder, 0, 23), await membrane(folder, 24, 29)];
    const { model, meanIou, membraneDice } = await main({ seen, unseen });
    model.dispose();
    expect(meanIou).toBeGreaterThanOrEqual(0.766);
    expect(membraneDice).toBeGreaterThanOrEqual(0.776);
  },
);
