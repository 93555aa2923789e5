import * as core from "@pellucid/core-train";
import { Linear, loadWeights, moduleAt, OptionError, Rng, Sequential } from "@pellucid/core-train";
import { expect, test } from "vitest";
import { nearestName } from "./did-you-mean.ts";

test.each([
  ["lr", ["betas", "learningRate"], "learningRate"],
  ["weight_decay", ["mask", "weightDecay"], "weightDecay"],
  ["shufle", ["size", "shuffle", "sampler"], "shuffle"],
  ["validaton", ["validation", "metrics"], "validation"],
  ["epsilon", ["eps", "betas"], "eps"],
  ["conv1.wieght", ["conv1.bias", "conv1.weight", "conv2.weight"], "conv1.weight"],
  ["device", ["rng", "bias"], null],
  ["toString", ["rng", "bias"], null],
  ["x", [], null],
] as const)("%s of %j is probably %s", (wrong, names, expected) => {
  expect(nearestName(wrong, names)).toBe(expected);
});

const refused: readonly [make: () => unknown, message: string][] = [
  [() => core.adam({ lr: 1 } as object), "adam: there is no option lr, did you mean learningRate?"],
  [
    () => core.adamw({ decoupledWeightDecay: true } as object),
    "adamw: there is no option decoupledWeightDecay, expected some of learningRate, weightDecay, mask, maximize, betas, eps, amsgrad.",
  ],
  [
    () => core.sgd({ weight_decay: 1 } as object),
    "sgd: there is no option weight_decay, did you mean weightDecay?",
  ],
  [
    () => core.scaleByAdam({ learningRate: 1 } as object),
    "scaleByAdam: there is no option learningRate, expected some of betas, eps, amsgrad.",
  ],
  [
    () => core.stepLr(0.1, { stepSize: 1, gama: 0.5 } as { stepSize: 1 }),
    "stepLr: there is no option gama, did you mean gamma?",
  ],
];

test.each(refused)("an option of another name is refused: %s", (make, message) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(message);
});

test("a path and a weight of another name are refused with the nearest one", () => {
  const model = new Sequential(new Linear(2, 2, { rng: new Rng(0) }));
  expect(() => moduleAt(model, "O")).toThrow('moduleAt: there is no module at "O", did you mean 0?');
  const one = { data: new Float32Array(2), shape: [2] };
  expect(() => loadWeights(model, { "0.wieght": one, "0.bias": one })).toThrow(
    "unknown: 0.wieght (did you mean 0.weight?)",
  );
  model.dispose();
});
