import { useBackend } from "@pellucid/backends";
import { writeWeights } from "@pellucid/core-train/node";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";
import { draw, predict } from "./predict.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("two epochs of the main job: it learns, is saved, read back and predicts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "digits-cnn-"));
  try {
    const { model, metrics } = await main({ epochs: 2 });
    expect(metrics["accuracy"]).toBeGreaterThan(0.5); // one in ten by chance
    await writeWeights(join(folder, "model.safetensors"), model);
    const found = await predict(join(folder, "model.safetensors"), 3);
    expect(found).toHaveLength(3);
    for (const { probability } of found) expect(probability).toBeGreaterThan(0.1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a digit is drawn two characters a pixel", () => {
  const lines = draw(Float32Array.from({ length: 64 }, (_, i) => i / 63));
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe("  ".repeat(8));
  expect(lines[7]?.endsWith("██")).toBe(true);
});
