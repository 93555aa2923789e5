import { useBackend } from "@pellucid/backends";
import { characterText } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { main, write } from "./main.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.each([{ kind: "mamba" }, { kind: "mamba2", headDim: 16, dState: 16 }] as const)(
  "$kind learns a sentence by heart in 80 steps",
  { timeout: 120_000 },
  async (mixer) => {
    const text = characterText("The quick brown fox jumps over the lazy dog. ".repeat(60));
    const losses: number[] = [];
    const model = await main({
      text,
      mixer,
      steps: 80,
      learningRate: 6e-3,
      every: 40,
      dModel: 32,
      onLoss: (_, loss) => losses.push(loss),
    });
    expect(losses.at(-1)).toBeLessThan(0.6); // from ln 29 = 3.4; where a window starts cannot be known
    expect(await write(model, text, "The quick br", 20, 0)).toMatch(/^The quick brown fox jumps over/);
    model.dispose();
  },
);
