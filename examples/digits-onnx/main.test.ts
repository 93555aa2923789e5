import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("onnxruntime gets 97.8 % of the unseen digits right, as the model that was trained", async () => {
  await useBackend({ only: "wasm" });
  const { accuracy } = await main();
  expect(accuracy).toBeCloseTo(440 / 450, 2);
});
