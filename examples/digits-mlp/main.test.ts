import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("97.1 to 98.2 % right after 60 epochs, as PyTorch on the same split", async () => {
  await useBackend({ only: "wasm" });
  expect(await main()).toBeGreaterThanOrEqual(0.971);
});
