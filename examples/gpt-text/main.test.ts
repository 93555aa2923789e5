import { useBackend } from "@pellucid/backends";
import { characterText } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { main, write } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("it learns a sentence by heart in 80 steps", { timeout: 120_000 }, async () => {
  const text = characterText("The quick brown fox jumps over the lazy dog. ".repeat(60));
  const losses: number[] = [];
  const model = await main({
    text,
    steps: 80,
    warmup: 10,
    learningRate: 6e-3,
    every: 40,
    nEmbd: 32,
    blockSize: 48,
    onLoss: (_, loss) => losses.push(loss),
  });
  expect(losses.at(-1)).toBeLessThan(0.6); // from ln 29 = 3.4; where a window starts cannot be known
  expect(await write(model, text, "The quick br", 80, 0)).toMatch(
    /^The quick brown fox jumps over the lazy dog/,
  );
  model.dispose();
});
