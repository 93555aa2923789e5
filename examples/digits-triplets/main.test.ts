import { useBackend } from "@pellucid/backends";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("two epochs are enough to tell whether two digits are the same", { timeout: 300_000 }, async () => {
  const { encoder, seenAuc, unseenAuc, oneShot } = await main({ epochs: 2 });
  expect(seenAuc).toBeGreaterThan(0.88);
  expect(unseenAuc).toBeGreaterThan(0.6);
  expect(oneShot).toBeGreaterThan(0.55);
  encoder.dispose();
});
