import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("random sigmoid layers do not learn, pre-trained ones do: gradients no longer vanish", async () => {
  await useBackend({ only: "wasm" });
  const { random, pretrained } = await main();
  expect(random.accuracy).toBeLessThan(0.2);
  expect(random.vanishing).toBeLessThan(1e-3);
  expect(pretrained.accuracy).toBeGreaterThan(0.95);
  expect(pretrained.vanishing).toBeGreaterThan(1e-2);
});
