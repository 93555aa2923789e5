import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { NumpyRandom } from "../rng/numpy-random.ts";
import { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { kFold } from "./k-fold.ts";
import { randomSplit } from "./random-split.ts";
import { stratifiedKFold } from "./stratified-k-fold.ts";
import { trainTestSplit } from "./train-test-split.ts";

interface Fixture {
  readonly splits: { length: number; lengths: number[]; parts: number[][] }[];
  readonly trainTest: {
    length: number;
    testSize: number;
    test: number[];
    trainHead: number[];
    trainLength: number;
  }[];
  readonly labels: number[];
  readonly folds: { k: number; seed: number | null; stratified: boolean; tests: number[][] }[];
}

const { splits, trainTest, labels, folds } = fixture<Fixture>(
  import.meta.url,
  "../../fixtures/torch/data.json",
);
const counting = (length: number): Dataset<number> => ({ length, get: (i) => i });

describe("randomSplit", () => {
  it.each(splits)("deals $length items out as PyTorch does: $lengths", ({ length, lengths, parts }) => {
    const made = randomSplit(counting(length), lengths, { rng: new Rng(42) });
    expect(made.map((part) => [...part.indices])).toEqual(parts);
  });

  it.each([[[3, 6]], [[0.5, 0.6]], [[-1, 11]], [[0.5, 0.4]]])("refuses the lengths %j", (lengths) => {
    expect(() => randomSplit(counting(10), lengths, { rng: new Rng(0) })).toThrow(
      new DataError(
        `randomSplit: the lengths are ${lengths.join(", ")}, expected integers that sum to 10, or fractions that sum to 1.`,
      ),
    );
  });
});

describe("trainTestSplit", () => {
  it.each(trainTest)("divides $length items as scikit-learn does, testSize $testSize", (made) => {
    const { length, testSize, test, trainHead, trainLength } = made;
    const split = trainTestSplit(counting(length), { testSize, rng: new NumpyRandom(42) });
    expect([...split.test.indices].slice(0, 50)).toEqual(test);
    expect([...split.train.indices].slice(0, 20)).toEqual(trainHead);
    expect(split.train.length).toBe(trainLength);
  });

  it("loses no item, with PyTorch's generator too", () => {
    const { train, test } = trainTestSplit(counting(11), { rng: new Rng(3) });
    expect(test.length).toBe(3);
    expect([...train.indices, ...test.indices].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 11 }, (_, i) => i),
    );
  });

  it.each([0, 1.5, 10, -0.2, NaN])("refuses a testSize of %d", (testSize) => {
    expect(() => trainTestSplit(counting(10), { testSize, rng: new Rng(0) })).toThrow(
      new DataError(
        `trainTestSplit: testSize is ${testSize} of 10 items, expected a share between 0 and 1 or fewer items, so that both parts have some.`,
      ),
    );
  });
});

describe("kFold and stratifiedKFold", () => {
  it.each(folds)(
    "divide as scikit-learn does: k $k, random_state $seed, stratified $stratified",
    ({ k, seed, stratified, tests }) => {
      const options = seed === null ? {} : { rng: new NumpyRandom(seed) };
      const made = stratified ? stratifiedKFold(labels, k, options) : kFold(labels.length, k, options);
      expect(made.map(({ test }) => [...test])).toEqual(tests);
      for (const { train, test } of made) expect(new Set([...train, ...test]).size).toBe(labels.length);
    },
  );

  it.each([1, 18, 2.5])("refuse k = %d", (k) => {
    const message = `k is ${k}, expected an integer from 2 to the 17 items.`;
    expect(() => kFold(17, k)).toThrow(new DataError(`kFold: ${message}`));
    expect(() => stratifiedKFold(labels, k)).toThrow(new DataError(`stratifiedKFold: ${message}`));
  });

  it("refuse folds of which no class has an item each", () => {
    expect(() => stratifiedKFold([0, 0, 1, 1], 3)).toThrow(
      new DataError("stratifiedKFold: k is 3, but no class has more than 2 items."),
    );
    const different = Int32Array.from({ length: 200_000 }, (_, i) => i); // more classes than a call may have arguments
    expect(() => stratifiedKFold(different, 2)).toThrow("no class has more than 1 items");
  });
});
