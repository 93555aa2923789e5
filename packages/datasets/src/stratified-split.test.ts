import { DataError, NumpyRandom, Rng } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { digits } from "./embedded/digits.ts";
import { stratifiedSplit } from "./stratified-split.ts";

interface Part {
  length: number;
  first: number[];
  sum: number;
}

interface Known {
  cases: {
    name: string;
    testSize: number;
    seed: number;
    classes: number[] | null;
    train: Part;
    test: Part;
  }[];
}

const known = fixture<Known>(import.meta.url, "../fixtures/torch/splits.json");

function part(indices: Int32Array): Part {
  return {
    length: indices.length,
    first: Array.from(indices.subarray(0, 12)),
    sum: indices.reduce((sum, index, i) => sum + index * ((i + 1) % 1009), 0),
  };
}

describe("stratifiedSplit", () => {
  it.each(known.cases)("splits as scikit-learn: $name", async ({ testSize, seed, classes, ...parts }) => {
    const labels = classes ?? (await digits()).all.labels.data;
    const { train, test } = stratifiedSplit(labels, { testSize, rng: new NumpyRandom(seed) });
    expect(part(train)).toEqual(parts.train);
    expect(part(test)).toEqual(parts.test);
  });

  it("puts every example in one part, also in PyTorch's order", () => {
    const labels = Array.from({ length: 101 }, (_, i) => i % 3);
    const { train, test } = stratifiedSplit(labels, { rng: new Rng(9) });
    expect(new Set([...train, ...test]).size).toBe(101);
    expect([0, 1, 2].map((label) => test.filter((i) => labels[i] === label).length)).toEqual([9, 9, 8]);
  });

  it.each([
    [0, 0, 10],
    [1, 10, 0],
    [0.05, 1, 9],
    [0.95, 10, 0],
    [Number.NaN, Number.NaN, Number.NaN],
  ])("refuses to test on a share of %d", (testSize, tested, trained) => {
    const labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
    expect(() => stratifiedSplit(labels, { testSize, rng: new Rng(0) })).toThrow(
      new DataError(
        `stratifiedSplit: testSize is ${testSize} of 10 examples, which leaves ${tested} to test on and ${trained} to train on, expected at least one of each of 2 classes in both.`,
      ),
    );
  });

  it("takes more examples of a class than a call may have arguments", () => {
    const labels = Array.from({ length: 400_000 }, (_, i) => i % 2);
    const { train, test } = stratifiedSplit(labels, { rng: new Rng(0) });
    expect([train.length, test.length]).toEqual([300_000, 100_000]);
    expect(new Set([...train, ...test]).size).toBe(400_000);
  });

  it("refuses a class of one", () => {
    expect(() => stratifiedSplit([0, 0, 1, 0, 0], { rng: new Rng(0) })).toThrow(
      new DataError("stratifiedSplit: class 1 has 1 example, expected 2 or more to be in both parts."),
    );
  });
});
