import { Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { digits } from "../embedded/digits.ts";
import { numpyPermutation } from "./numpy-permutation.ts";
import { trainTestSplit } from "./train-test-split.ts";

interface Part {
  length: number;
  first: number[];
  sum: number;
}

interface Known {
  cases: {
    name: string;
    length: number;
    testSize: number;
    seed: number;
    classes: number[] | null;
    train: Part;
    test: Part;
  }[];
  permutations: { n: number; seed: number; order: number[] }[];
  tenThousand: Part;
}

const known = fixture<Known>(import.meta.url, "../../fixtures/torch/train-test-split.json");

function part(indices: Int32Array): Part {
  return {
    length: indices.length,
    first: Array.from(indices.subarray(0, 12)),
    sum: indices.reduce((sum, index, i) => sum + index * ((i + 1) % 1009), 0),
  };
}

describe("trainTestSplit", () => {
  it.each(known.cases)("splits as scikit-learn: $name", async ({ name, length, testSize, seed, ...rest }) => {
    const classes = name.startsWith("digits") ? (await digits()).all.labels.data : rest.classes;
    const stratify = classes === null ? {} : { stratify: classes };
    const { train, test } = trainTestSplit(length, { testSize, rng: new Rng(seed), ...stratify });
    expect(part(train)).toEqual(rest.train);
    expect(part(test)).toEqual(rest.test);
  });

  it("puts every example in one part", () => {
    const { train, test } = trainTestSplit(101, { rng: new Rng(9) });
    expect(new Set([...train, ...test]).size).toBe(101);
  });

  it.each([0, 1, 1.5, -0.1, Number.NaN])("refuses to test on a share of %d", (testSize) => {
    expect(() => trainTestSplit(10, { testSize, rng: new Rng(0) })).toThrow(
      /^trainTestSplit: .* of 10 examples is .*, expected at least one to test on and one to train on\.$/,
    );
  });

  it("refuses a class of one, more classes than examples in a part, and a class list of another length", () => {
    const rng = new Rng(0);
    expect(() => trainTestSplit(5, { rng, stratify: [0, 0, 1, 0, 0] })).toThrow(
      "trainTestSplit: class 1 has 1 example, expected 2 or more to be in both parts.",
    );
    expect(() => trainTestSplit(6, { rng, testSize: 0.3, stratify: [0, 0, 1, 1, 2, 2] })).toThrow(
      "trainTestSplit: one part has 2 examples, expected at least one for each of 3 classes.",
    );
    expect(() => trainTestSplit(3, { rng, stratify: [0, 0] })).toThrow(
      "trainTestSplit: stratify has 2 classes for 3 examples.",
    );
  });
});

describe("numpyPermutation", () => {
  it.each(known.permutations)("is NumPy's of $n from seed $seed", ({ n, seed, order }) => {
    expect([...numpyPermutation(n, new Rng(seed))]).toEqual(order);
  });

  it("is NumPy's of 10,000", () => {
    expect(part(numpyPermutation(10_000, new Rng(0)))).toEqual(known.tenThousand);
  });
});
