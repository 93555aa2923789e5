import { useBackend } from "@pellucid/backends";
import { LabeledTexts } from "@pellucid/datasets";
import { memory } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { curveSvg } from "./curve-svg.ts";
import { ask, main } from "./main.ts";

const classes = ["Left", "Middle", "Right"];

/** Names that have the letter "q" at their beginning, in the middle or at their end: to tell that both directions have to be read. */
function made(from: number, to: number): LabeledTexts {
  const texts: string[] = [];
  for (let i = from; i < to; i++) {
    const letters = Array.from({ length: 2 + (i % 6) }, (_, t) =>
      String.fromCharCode(97 + ((i * 7 + t * t * 5) % 16)),
    );
    letters.splice([0, Math.ceil(letters.length / 2), letters.length][i % 3] as number, 0, "q");
    texts.push(letters.join(""));
  }
  const labels = {
    data: Int32Array.from({ length: to - from }, (_, i) => (from + i) % 3),
    shape: [to - from] as const,
  };
  return new LabeledTexts(texts, labels, classes);
}

const data = { train: made(0, 300), test: made(300, 400) };

// pytorch.py on these names: the mean loss of each epoch, and the share of those to test on that are right in the end
const torch = {
  gru: { losses: [1.1035, 0.957, 0.8146], accuracy: 0.98 },
  lstm: { losses: [1.0908, 1.0465, 0.995], accuracy: 0.94 },
};

test.each(["gru", "lstm"] as const)("the %s learns as PyTorch's does", async (kind) => {
  await useBackend({ only: "wasm" });
  const { model, run } = await main({ data, kind, epochs: 3 });
  for (const [i, loss] of torch[kind].losses.entries()) expect(run[i]?.loss).toBeCloseTo(loss, 3);
  expect(run[2]?.accuracy).toBeCloseTo(torch[kind].accuracy, 2);
  expect((await ask(model, "abc")).reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
  await expect(ask(model, "Šab")).rejects.toThrow('The vocabulary of 128 characters has no "Š".');
  model.dispose();
});

test("names are classified by the position of a letter, and no tensor leaks", async () => {
  await useBackend({ only: "wasm" });
  const before = memory().numTensors;
  const { model, run } = await main({ data, epochs: 15, hiddenSize: 32 });
  expect(run.at(-1)?.accuracy).toBeGreaterThan(0.9);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

test("the curve has a point for each epoch, and a grid of tenths", () => {
  const svg = curveSvg([0.52, 0.61, 0.8], "accuracy");
  expect(svg).toContain("accuracy by epoch: 0.520, 0.610, 0.800");
  expect(svg.match(/<polyline points="([^"]+)"/)?.[1]?.split(" ")).toHaveLength(3);
  expect(svg.match(/ %</g)).toHaveLength(6); // 50 % to 100 %
});
