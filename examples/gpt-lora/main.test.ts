import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { main } from "./main.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test(
  "an adapter teaches a second sentence, and without it the first is still there",
  { timeout: 300_000 },
  async () => {
    const before = memory().numTensors;
    const { texts, weights, adapterWeights } = await main();
    const [base, adapted, removed, merged] = texts;
    expect(base).toBe("the quick brown fox jumps over a lazy dog.");
    expect(adapted).toBe("the slow grey cat sleeps under a busy bird");
    expect(removed).toBe(base);
    expect(merged).toBe(adapted);
    expect(adapterWeights / weights).toBeLessThan(0.12);
    expect(memory().numTensors).toBe(before);
  },
);
