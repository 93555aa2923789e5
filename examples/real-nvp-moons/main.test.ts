import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

const isLong = process.env["PELLUCID_LONG"] !== undefined;

test("an unseen point costs little, and the density integrates to 1", { timeout: 900_000 }, async () => {
  await useBackend({ only: "wasm" });
  const { nll, integral } = await main({ steps: isLong ? 3000 : 1000 });
  expect(nll).toBeLessThanOrEqual(isLong ? 1.3 : 1.45); // PyTorch's after 1000 steps: 1.390
  expect(Math.abs(integral - 1)).toBeLessThan(0.01);
});
