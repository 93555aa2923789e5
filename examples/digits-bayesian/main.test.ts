import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("96 % of the unseen digits are right, and noise has five times their entropy", async () => {
  await useBackend({ only: "wasm" });
  const { accuracy, ece, entropy, entropyOfNoise } = await main();
  expect(accuracy).toBeGreaterThanOrEqual(0.96);
  expect(ece).toBeLessThan(0.1);
  expect(entropyOfNoise / entropy).toBeGreaterThan(5);
});
