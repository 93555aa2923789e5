import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("ten rounds are enough for more than 85 digits in a hundred", { timeout: 120_000 }, async () => {
  const { model, metrics } = await main({ epochs: 10 });
  expect(metrics["accuracy"]).toBeGreaterThan(0.85);
  model.dispose();
});
