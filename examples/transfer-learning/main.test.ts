import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("teacher and students are as right as PyTorch's of the same seed", async () => {
  await useBackend({ only: "wasm" });
  const found = await main({ epochs: 5, steps: 20 });
  // within one more or less of the 226 and of the 224 digits
  const torch = { teacher: 0.929, "from scratch": 0.915, "head only": 0.875, "fine-tuned": 0.884 };
  for (const [caller, share] of Object.entries(torch))
    expect(Math.abs(found[caller as keyof typeof torch] - share), caller).toBeLessThan(0.006);
});
