// Ten steps of Adam of every detector against torchvision, with its samples of anchors and regions, from weights by a formula.
import { useBackend } from "@pellucid/backends";
import { adam, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { totalLoss } from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { dispose, memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { type Detector, detectors, proposalDetectors } from "./detectors/detectors.ts";
import { pictures, targets } from "./detectors/pictures.ts";
import { fillByFormula } from "./detectors/fill-by-formula.ts";

interface Case {
  readonly name: string;
  readonly losses: number[];
  /** How far PyTorch's two implementations of convolution are from each other. */
  readonly apart: number;
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/ten-steps.json");
const all = { ...detectors, ...proposalDetectors };

/** In these Adam divides gradients that are nothing but rounding by themselves, as those of a bias before a norm, and steps apart: a hundredth of what the loss falls by. */
const unsteady = ["fcos_net"];

beforeAll(() => useBackend({ only: "wasm" }));

test("every detector has its case", () => {
  expect(cases.map(({ name }) => name).toSorted()).toEqual(Object.keys(all).toSorted());
});

test.for(cases)("$name", { timeout: 120_000 }, async ({ name, losses, apart }) => {
  const before = memory().numTensors;
  const rng = new Rng(0);
  const model = (all[name] as (rng: Rng) => Detector)(rng);
  await fillByFormula(model);
  const images = pictures();
  const optimizer = new Optimizer(adam({ learningRate: 1e-4 }), trainable(model));
  rng.restore(new Rng(1).state());
  const found: number[] = [];
  for (let i = 0; i < 10; i++)
    found.push(await trainStep(model, optimizer, () => totalLoss(model.losses(images, targets()))));
  const [first = NaN] = losses;
  const fall = first - (losses[9] ?? NaN);
  const atol = Math.max(10 * apart, 3e-5 * first, unsteady.includes(name) ? fall / 100 : 0);
  expect(found).toBeAllclose(losses, { rtol: 0, atol });
  expect(fall).toBeGreaterThan(0);
  optimizer.dispose();
  dispose(images);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});
