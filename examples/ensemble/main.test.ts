import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("several nets are right more often than one", async () => {
  await useBackend({ only: "wasm" });
  const { single, averaging, voting } = await main({ count: 3, epochs: 4 });
  expect(averaging).toBeGreaterThan(single);
  expect(voting).toBeGreaterThan(single - 0.01);
});
