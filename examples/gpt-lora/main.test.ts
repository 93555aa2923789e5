import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { textOf } from "../../tools/pages/built-page.ts";
import { teach } from "./teach.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test(
  "an adapter teaches a second sentence, and without it the first is still there",
  { timeout: 300_000 },
  async () => {
    const before = memory().numTensors;
    const { texts, weights, adapterWeights } = await teach();
    const [base, adapted, removed, merged] = texts;
    expect(base).toBe("the quick brown fox jumps over a lazy dog.");
    expect(adapted).toBe("the slow grey cat sleeps under a busy bird");
    expect(removed).toBe(base);
    expect(merged).toBe(adapted);
    expect(adapterWeights / weights).toBeLessThan(0.12);
    expect(memory().numTensors).toBe(before);
  },
);

test("the built page trains the same: the losses of six steps of both are those of Node", async () => {
  const { losses } = await teach(0, { steps: 6 });
  const said = await textOf(import.meta.dirname, {
    button: "Train",
    until: /losses|Error/u,
    query: "?steps=6",
  });
  const [, printed = ""] = /losses ([\d. ]+)/u.exec(said) ?? [];
  expect(printed.trim().split(" ").map(Number)).toBeAllclose(losses, { rtol: 0, atol: 1e-4 });
});
