import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("two numbers describe unseen digits with less than 0.75 of the error of two principal components", async () => {
  await useBackend({ only: "wasm" });
  const { curved, linear } = await main();
  expect(linear).toBeCloseTo(0.053, 3); // scikit-learn's
  expect(curved).toBeLessThan(0.75 * linear);
});
