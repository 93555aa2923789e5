import { useBackend } from "@pellucid/backends";
import { characterText } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { main, write } from "./main.ts";
import { type Kind, kinds } from "./models.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** How many steps each takes; recurrent ones need more, and each of them takes less. */
const steps: Record<Kind, number> = { mamba: 80, mamba2: 80, mamba3: 80, lstm: 240, gru: 160 };

test.each(kinds)("a %s learns a sentence by heart", { timeout: 300_000 }, async (kind) => {
  const text = characterText("The quick brown fox jumps over the lazy dog. ".repeat(60));
  const losses: number[] = [];
  const model = await main({
    text,
    kind,
    steps: steps[kind],
    learningRate: 6e-3,
    every: 40,
    width: 32,
    onLoss: (_, loss) => losses.push(loss),
  });
  expect(losses.at(-1)).toBeLessThan(0.6); // from ln 29 = 3.4; where a window starts cannot be known
  expect(await write(model, text, "The quick br", 20, 0)).toMatch(/^The quick brown fox jumps over/);
  model.dispose();
});
