import { useBackend } from "@pellucid/backends";
import { expect, test } from "vitest";
import { main } from "./main.ts";

// pytorch.py: the word after 15 epochs, the epoch that first had "ohlol" (0: none), the first and the last loss
const torch = {
  cell: [
    ["ohlll", 0, 6.761863, 2.76946],
    ["ohlol", 15, 9.470921, 2.870555],
    ["ohlol", 5, 7.036463, 2.584033],
  ],
  layer: [
    ["ohlll", 0, 1.352373, 0.720734],
    ["oholl", 0, 1.894184, 0.833205],
    ["ohlol", 7, 1.407293, 0.654117],
  ],
  embedding: [
    ["ohlol", 2, 1.227687, 0.009322],
    ["ohlol", 5, 1.29795, 0.009543],
    ["ohlol", 4, 1.364572, 0.017771],
  ],
} as const;

test.each(["cpu", "wasm"] as const)("on %s every way says PyTorch's words, for each seed", async (only) => {
  await useBackend({ only });
  for (const way of ["cell", "layer", "embedding"] as const)
    for (const [seed, [word, first, from, to]] of torch[way].entries()) {
      const run = await main(way, { seed });
      expect(run.at(-1)?.word, `${way} ${seed}`).toBe(word);
      expect(run.findIndex((epoch) => epoch.word === "ohlol") + 1).toBe(first);
      expect(run[0]?.loss).toBeCloseTo(from, 5);
      expect(run.at(-1)?.loss).toBeCloseTo(to, 4);
    }
});
