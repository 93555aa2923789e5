import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("the pole is held for most of 500 steps after 40,960 steps of training", async () => {
  await useBackend({ only: "wasm" });
  expect(await main()).toBeGreaterThan(400);
});
