import {
  checkChoice,
  checkContextLength,
  checkFinite,
  checkIntegers,
  checkLabels,
  checkLengths,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  checkTokens,
  ContextLengthError,
  DataError,
  headSize,
  LabelError,
  LengthsError,
  OptionError,
  Rng,
} from "@pellucid/core-train";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("sizes are integers of 1 or more, or of what is said", () => {
  checkSizes("MyLayer", { inFeatures: 4, outFeatures: 2 });
  checkSizes("MyLayer", { padding: 0 }, 0);
  expect(() => checkSizes("MyLayer", { outFeatures: 0 })).toThrow(
    new OptionError("MyLayer", "outFeatures", 0, "an integer above 0"),
  );
});

test("an integer is not a half", () => {
  checkIntegers("MyLayer", { axis: -1 });
  expect(() => checkIntegers("MyLayer", { axis: 0.5 })).toThrow(
    /MyLayer: axis is 0\.5, expected an integer/u,
  );
});

test("a probability is from 0 to 1", () => {
  checkProbabilities("MyLayer", { dropout: 0.1 });
  expect(() => checkProbabilities("MyLayer", { dropout: 2 })).toThrow(
    /dropout is 2, expected a probability/u,
  );
});

test("a number of 0 or more may be 0", () => {
  checkNotNegative("myOptimizer", { weightDecay: 0 });
  expect(() => checkNotNegative("myOptimizer", { weightDecay: -1 })).toThrow(OptionError);
});

test("a number above 0 may not", () => {
  checkPositive("MyNorm", { eps: 1e-5 });
  expect(() => checkPositive("MyNorm", { eps: 0 })).toThrow(OptionError);
});

test("a finite number is neither NaN nor endless", () => {
  checkFinite("mySchedule", { gamma: -0.5 });
  expect(() => checkFinite("mySchedule", { gamma: Number.NaN })).toThrow(/gamma is NaN/u);
});

test("a choice is one of those that are named", () => {
  checkChoice("MyLayer", "paddingMode", "zeros", ["zeros", "reflect"]);
  expect(() => checkChoice("MyLayer", "paddingMode", "bogus", ["zeros", "reflect"])).toThrow(
    'MyLayer: paddingMode is "bogus", expected "zeros" or "reflect".',
  );
});

test("where something is drawn, a generator is asked for", () => {
  checkRng("MyLayer", { rng: new Rng(0) });
  expect(() => checkRng("MyLayer", undefined)).toThrow(/expected options \{ rng \}/u);
});

test("options that do not exist are refused, and the near one is named", () => {
  interface MyLayerOptions {
    readonly rng: Rng;
    readonly bias?: boolean;
  }
  const options: MyLayerOptions = { rng: new Rng(0) };
  checkOptions("MyLayer", options, ["rng", "bias"]); // compiles only with all names of MyLayerOptions
  const misspelt: MyLayerOptions = Object.assign({ bais: false }, options);
  expect(() => checkOptions("MyLayer", misspelt, ["rng", "bias"])).toThrow(/bais.*did you mean bias/u);
});

test("labels are classes, or the one to ignore", () => {
  checkLabels("myLoss", tensor1d([0, 2, -100], "int32"), 3, -100);
  expect(() => checkLabels("myLoss", tensor1d([0, 3], "int32"), 3)).toThrow(
    new LabelError("myLoss: target[1] is 3, expected a class from 0 to 2."),
  );
});

test("every sequence has a length, by default all time steps", () => {
  expect(checkLengths("MyEncoder", undefined, 2, 5)).toEqual([5, 5]);
  expect(checkLengths("MyEncoder", [3, 5], 2, 5)).toEqual([3, 5]);
  expect(() => checkLengths("MyEncoder", [3, 6], 2, 5)).toThrow(LengthsError);
});

test("tokens are those of the vocabulary", () => {
  expect(checkTokens("myModel", "the prompt", Int32Array.of(1, 2), 10)).toEqual([1, 2]);
  expect(() => checkTokens("myModel", "the prompt", [], 10)).toThrow(
    new DataError("myModel: the prompt has no tokens, expected at least one."),
  );
});

test("a sequence is at most as long as the context", () => {
  checkContextLength("MyModel", 8, 8);
  expect(() => checkContextLength("MyModel", 9, 8)).toThrow(new ContextLengthError("MyModel", 9, 8));
});

test("heads share the features evenly", () => {
  expect(headSize("MyAttention", 12, 3)).toBe(4);
  expect(() => headSize("MyAttention", 12, 5)).toThrow(/expected a divisor of the 12 features/u);
});
