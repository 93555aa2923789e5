import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

test("a model of tfjs-layers learns digits here, and goes to PyTorch with its recipe", async () => {
  await useBackend({ only: "wasm" });
  const { files, losses, accuracy } = await main();
  expect(losses).toHaveLength(400);
  expect(accuracy).toBeGreaterThan(0.93);
  expect(Object.keys(files).toSorted()).toEqual([
    "README.md",
    "data.safetensors",
    "model.py",
    "train.py",
    "weights.safetensors",
  ]);
  expect(files["model.py"]).toContain("nn.Conv2d(1, 8, 3)");
  expect(files["train.py"]).toContain("torch.optim.AdamW(parameters, lr=0.003)");
});
