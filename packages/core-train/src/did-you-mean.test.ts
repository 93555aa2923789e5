import * as core from "@pellucid/core-train";
import {
  Linear,
  loadWeights,
  moduleAt,
  OptionError,
  Rng,
  Sequential,
  TransformerEncoderLayer,
} from "@pellucid/core-train";
import { expect, test } from "vitest";
import { nearestName } from "./did-you-mean.ts";

test.each([
  ["lr", ["betas", "learningRate"], "learningRate"],
  ["lr", ["lambEntropy", "learningRate"], "learningRate"],
  ["weight_decay", ["mask", "weightDecay"], "weightDecay"],
  ["shufle", ["size", "shuffle", "sampler"], "shuffle"],
  ["validaton", ["validation", "metrics"], "validation"],
  ["epsilon", ["eps", "betas"], "eps"],
  ["optimiser", ["loss", "optimizer", "epochs"], "optimizer"],
  ["onyl", ["only", "prefer"], "only"],
  ["maxNumNeighbours", ["batch", "loop", "maxNumNeighbors"], "maxNumNeighbors"],
  ["colour", ["color", "width"], "color"],
  ["conv1.wieght", ["conv1.bias", "conv1.weight", "conv2.weight"], "conv1.weight"],
  ["device", ["rng", "bias"], undefined],
  ["toString", ["rng", "bias"], undefined],
  ["x", [], undefined],
  ["0", ["1", "2"], undefined],
] as const)("%s of %j is probably %s", (wrong, names, expected) => {
  expect(nearestName(wrong, names)).toBe(expected);
});

const refused: readonly [make: () => unknown, message: string][] = [
  [() => core.adam({ lr: 1 } as object), "adam: there is no option lr, did you mean learningRate?"],
  [
    () => core.adamw({ fused: true } as object),
    "adamw: there is no option fused, expected some of learningRate, weightDecay, mask, maximize, betas, eps, amsgrad.",
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
  [
    () => new Linear(2, 2, { rng: new Rng(0), use_bias: true } as { rng: Rng }),
    "Linear: there is no option use_bias, did you mean bias?",
  ],
  [
    () => new core.Conv2d(1, 1, 1, { rng: new Rng(0), strides: 2 } as { rng: Rng }),
    "Conv2d: there is no option strides, did you mean stride?",
  ],
  [
    () => new core.LSTM(1, 1, { rng: new Rng(0), num_layers: 2 } as { rng: Rng }),
    "LSTM: there is no option num_layers, did you mean numLayers?",
  ],
  [
    () => new core.BatchNorm2d(1, { epsilon: 1 } as object),
    "BatchNorm2d: there is no option epsilon, did you mean eps?",
  ],
  [
    () => core.batches({ length: 1, get: () => ({ x: 1 }) }, { size: 1, shufle: true } as { size: 1 }),
    "batches: there is no option shufle, did you mean shuffle?",
  ],
];

test.each(refused)("an option of another name is refused: %s", (make, message) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(message);
});

test("a path and a weight of another name are refused with the nearest one", () => {
  const model = new Sequential(new Linear(2, 2, { rng: new Rng(0) }));
  const layer = new TransformerEncoderLayer(2, 1, { rng: new Rng(0), dimFeedforward: 2 });
  expect(() => moduleAt(layer, "self_attn")).toThrow(
    'moduleAt: there is no module at "self_attn", did you mean selfAttn?',
  );
  const one = { data: new Float32Array(2), shape: [2] };
  expect(() => loadWeights(model, { "0.wieght": one, "0.bias": one })).toThrow(
    "unknown: 0.wieght (did you mean 0.weight?)",
  );
  model.dispose();
  layer.dispose();
});
