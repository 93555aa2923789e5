// The map of the page: twice computed, in ten texts tested the other way round, and a fake that only knows where activations are large.
import { useBackend } from "@pellucid/backends";
import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { characters, playsGpt } from "../../../interpret/stories/nets/plays.ts";
import { byTool, holds, patchAll, sitesOf } from "./program.ts";

const net = withoutInit(() => playsGpt(new Rng(0)));
const weights = join(import.meta.dirname, "../../../interpret/stories/nets/plays-gpt.safetensors");

beforeAll(async () => {
  await useBackend({ only: "wasm" });
  loadWeights(net, readFileSync(weights));
});

/** A text, and what one letter becomes, counted from its end. */
const examples: readonly (readonly [text: string, back: number, letter: string])[] = [
  ["I love thee wit", 3, "x"],
  ["What is the q", 1, "t"],
  ["O Romeo, Rome", 3, "x"],
  ["the king of Fran", 3, "s"],
  ["What say y", 2, "t"],
  ["Give me your han", 2, "e"],
  ["I pray yo", 2, "g"],
  ["Where is my brothe", 3, "k"],
  ["I will not speak to the k", 4, "b"],
  ["upon my wor", 2, "a"],
];
const idsOf = ([text, back, letter]: (typeof examples)[number]) => {
  const at = text.length - back;
  return [
    characters.encode(text),
    characters.encode(text.slice(0, at) + letter + text.slice(at + 1)),
  ] as const;
};

test("each share is that of the package's tool", async () => {
  const pair = idsOf(["Give me your han", 2, "e"]);
  const tensors = memory().numTensors;
  const { answer, restored } = await patchAll(net, ...pair);
  for (const [i, [, site]] of sitesOf(net).entries())
    expect(Array.from(await byTool(net, site, pair, answer))).toBeAllclose(restored[i] ?? [], {
      rtol: 1e-4,
      atol: 1e-4,
    });
  expect(memory().numTensors).toBe(tensors);
});

test("the letter that patching names holds the answer in the other direction too, the largest activation does not", async () => {
  const found = await Promise.all(examples.map(async (example) => patchAll(net, ...idsOf(example))));
  const right = (of: "restored" | "sizes") =>
    found.filter((one) => holds(one[of][3] ?? [], one.lost[3] ?? [])).length;
  expect(right("restored")).toBe(10);
  expect(right("sizes")).toBeLessThanOrEqual(1); // 0
});
