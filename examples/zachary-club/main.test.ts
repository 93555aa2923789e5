import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("at least 32 of 34 members are on the side where they went", { timeout: 120_000 }, async () => {
  await useBackend({ only: "wasm" });
  expect(await main({ seed: 0 })).toBeGreaterThanOrEqual(32);
});
