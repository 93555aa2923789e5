import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("96 % of the unseen digits are right, and noise has several times their entropy", async () => {
  await useBackend({ only: "wasm" });
  const { accuracy, ece, entropy, entropyOfNoise } = await main();
  const isLong = process.env["PELLUCID_LONG"] !== undefined;
  expect(accuracy).toBeGreaterThanOrEqual(isLong ? 0.96 : 0.955);
  expect(ece).toBeLessThan(0.1);
  expect(entropyOfNoise / entropy).toBeGreaterThan(isLong ? 5 : 4);
});
