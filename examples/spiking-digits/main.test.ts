import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("95 % of the digits are right, and most inputs cause no work", { timeout: 240_000 }, async () => {
  await useBackend({ only: "wasm" });
  const isLong = process.env["PELLUCID_LONG"] !== undefined;
  const { accuracy, operations, dense } = await main({ epochs: isLong ? 20 : 6 });
  expect(accuracy).toBeGreaterThanOrEqual(isLong ? 0.95 : 0.9);
  expect(operations).toBeLessThan(dense / 2);
});
