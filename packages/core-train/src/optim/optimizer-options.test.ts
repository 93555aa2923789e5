import * as core from "@pellucid/core-train";
import { expect, test } from "vitest";

const { OptionError } = core;

/** The exports as an untyped program sees them. */
const { adam, sgd, stepLr, exponentialLr, linearLr, polynomialLr, cosineAnnealingLr } =
  core as unknown as Record<
    "adam" | "sgd" | "stepLr" | "exponentialLr" | "linearLr" | "polynomialLr" | "cosineAnnealingLr",
    (...values: unknown[]) => unknown
  >;

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

/** Values that JavaScript lets pass: the caller of an untyped program gets them from a form or a file. */
const untyped: readonly [make: () => unknown, message: string][] = [
  [() => adam({ learningRate: "0.1" }), 'adam: learningRate is "0.1", expected a number ≥ 0.'],
  [() => adam({ learningRate: NaN }), "adam: learningRate is NaN, expected a number ≥ 0."],
  [() => adam({ betas: [0.9] }), "adam: betas is [0.9], expected two numbers in [0, 1)."],
  [() => adam({ betas: 0.9 }), "adam: betas is 0.9, expected two numbers in [0, 1)."],
  [() => adam({ betas: [0.9, "0.99"] }), 'adam: betas[1] is "0.99", expected a number in [0, 1).'],
  [() => adam({ eps: () => 1 }), "adam: eps is the function eps, expected a number ≥ 0."],
  [() => sgd({ momentum: "0.9" }), 'sgd: momentum is "0.9", expected a number ≥ 0.'],
  [() => sgd({ dampening: NaN }), "sgd: dampening is NaN, expected a number."],
  [() => stepLr(0.1, { stepSize: 1, gamma: NaN }), "stepLr: gamma is NaN, expected a finite number."],
  [() => stepLr("0.1", { stepSize: 1 }), 'stepLr: learningRate is "0.1", expected a finite number.'],
  [() => exponentialLr(0.1, {}), "exponentialLr: gamma is undefined, expected a finite number."],
  [() => linearLr(NaN), "linearLr: learningRate is NaN, expected a finite number."],
  [() => polynomialLr(1, { power: NaN }), "polynomialLr: power is NaN, expected a finite number."],
  [
    () => cosineAnnealingLr(1, { tMax: 3, etaMin: "0" }),
    'cosineAnnealingLr: etaMin is "0", expected a finite number.',
  ],
];

test.each(untyped)("a value of another kind is refused: %s", (make, message) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(message);
});
