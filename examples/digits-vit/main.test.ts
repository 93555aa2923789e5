import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("six rounds are enough for nine digits in ten", { timeout: 120_000 }, async () => {
  const { model, metrics } = await main({ epochs: 6 });
  expect(metrics["accuracy"]).toBeGreaterThan(0.9);
  model.dispose();
});
