import { useBackend } from "@pellucid/backends";
import { characterText } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { main, type TrainingOptions, write } from "./main.ts";
import { type Kind, kinds } from "./models.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

/** How many steps each takes; recurrent ones need more, and each of them takes less. */
const recipes: Record<Kind, Pick<TrainingOptions, "steps" | "warmup" | "window">> = {
  mamba: { steps: 80 },
  mamba2: { steps: 80 },
  mamba3: { steps: 80 },
  lstm: { steps: 240 },
  gru: { steps: 160 },
  gpt: { steps: 80, warmup: 10, window: 48 },
};

test.each(kinds)("a %s memorizes a sentence", { timeout: 300_000 }, async (kind) => {
  const text = characterText("The quick brown fox jumps over the lazy dog. ".repeat(60));
  const losses: number[] = [];
  const model = await main({
    text,
    kind,
    ...recipes[kind],
    learningRate: 6e-3,
    every: 40,
    width: 32,
    onLoss: (_, loss) => losses.push(loss),
  });
  expect(losses.at(-1)).toBeLessThan(0.6); // from ln 29 = 3.4; where a window starts cannot be known
  const [length, end] = kind === "gpt" ? [80, " the lazy dog"] : [20, ""]; // further than a GPT looks back
  expect(await write(model, text, "The quick br", length, 0)).toMatch(
    new RegExp(`^The quick brown fox jumps over${end}`),
  );
  model.dispose();
});
