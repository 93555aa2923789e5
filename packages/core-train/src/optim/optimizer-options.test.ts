import * as core from "@pellucid/core-train";
import { expect, test } from "vitest";

const { OptionError } = core;

const refused: readonly [make: () => unknown, error: Error][] = [
  [() => core.adagrad({ lrDecay: -1 }), new OptionError("adagrad", "lrDecay", -1, "a number ≥ 0")],
  [() => core.adadelta({ rho: 1.1 }), new OptionError("adadelta", "rho", 1.1, "a number in [0, 1]")],
  [() => core.adamax({ betas: [1, 0.9] }), new OptionError("adamax", "betas[0]", 1, "a number in [0, 1)")],
  [() => core.asgd({ weightDecay: -1 }), new OptionError("asgd", "weightDecay", -1, "a number ≥ 0")],
  [() => core.rmsprop({ momentum: -1 }), new OptionError("rmsprop", "momentum", -1, "a number ≥ 0")],
  [() => core.rprop({ etas: [1, 1.2] }), new OptionError("rprop", "etas", [1, 1.2], "[in (0, 1), above 1]")],
  [() => core.nadam({ momentumDecay: -1 }), new OptionError("nadam", "momentumDecay", -1, "a number ≥ 0")],
  [() => core.radam({ learningRate: -1 }), new OptionError("radam", "learningRate", -1, "a number ≥ 0")],
  [() => core.lion({ betas: [0.9, 1] }), new OptionError("lion", "betas[1]", 1, "a number in [0, 1)")],
  [() => core.muon({ nsSteps: -1 }), new OptionError("muon", "nsSteps", -1, "a number ≥ 0")],
  [() => core.adafactor({ beta2Decay: 1 }), new OptionError("adafactor", "beta2Decay", 1, "a number ≤ 0")],
];

test.each(refused)("what PyTorch refuses is refused: %s", (make, error) => {
  expect(make).toThrow(error);
});
