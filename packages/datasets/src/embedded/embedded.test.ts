import { DataError } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { diabetes } from "./diabetes.ts";
import { digits } from "./digits.ts";

interface Known {
  digits: { sum: number; weighted: number; counts: number[]; first: number[]; labels: number[] };
  diabetes: {
    columns: string[];
    scaled: number[][];
    raw: number[][];
    targets: number[];
    targetSum: number;
  };
}

const known = fixture<Known>(import.meta.url, "../../fixtures/torch/embedded.json");

describe("digits", () => {
  it("are scikit-learn's, pixel by pixel", async () => {
    const { images, labels, length, shape } = (await digits()).all;
    expect(length).toBe(1797);
    expect(shape).toEqual([8, 8, 1]);
    expect([...images.data.subarray(0, 64)]).toEqual(known.digits.first);
    expect(images.data.reduce((sum, pixel) => sum + pixel, 0)).toBe(known.digits.sum);
    expect(images.data.reduce((sum, pixel, i) => sum + pixel * ((i + 1) % 1009), 0)).toBe(
      known.digits.weighted,
    );
    expect([...labels.data.subarray(0, 20)]).toEqual(known.digits.labels);
    const counts = Array.from({ length: 10 }, (_, digit) => labels.data.filter((y) => y === digit).length);
    expect(counts).toEqual(known.digits.counts);
  });

  it("are split in 1,347 and 450, each image with its label", async () => {
    const { all, train, test } = await digits();
    expect([train.length, test.length]).toEqual([1347, 450]);
    // the first images of the two parts, as the fixture of trainTestSplit has them
    expect(train.get(0)).toEqual(all.get(447));
    expect(test.get(0)).toEqual(all.get(1364));
  });

  it("give images that are copies", async () => {
    const { all } = await digits();
    all.get(0).x.data.fill(9);
    expect([...all.get(0).x.data]).toEqual(known.digits.first);
  });

  it.each([-1, 1797, 0.5, Number.NaN])("have no image %d", async (index) => {
    const { all } = await digits();
    const error = new DataError(`Dataset: item ${index} does not exist, there are 1797.`);
    expect(() => all.get(index)).toThrow(error);
    expect(() => all.take([0, index])).toThrow(error);
  });
});

describe("diabetes", () => {
  it("is scikit-learn's, scaled", async () => {
    const { all } = await diabetes();
    expect(all.columns).toEqual(known.diabetes.columns);
    expect(all.features.shape).toEqual([442, 10]);
    for (const [i, row] of [0, 1, 441].entries())
      expect([...all.get(row).x.data]).toEqual(known.diabetes.scaled[i]?.map(near));
    expect([...all.targets.data.subarray(0, 10)]).toEqual(known.diabetes.targets);
    expect(all.targets.data.reduce((sum, y) => sum + y, 0)).toBe(known.diabetes.targetSum);
  });

  it("is scikit-learn's, as measured", async () => {
    const { all } = await diabetes({ scaled: false });
    for (const [i, row] of [0, 1, 441].entries())
      expect([...all.get(row).x.data]).toEqual(known.diabetes.raw[i]?.map(Math.fround));
  });

  it("is split in 353 and 89, each patient with the outcome", async () => {
    const { all, train, test } = await diabetes();
    expect([train.length, test.length]).toEqual([353, 89]);
    expect(test.get(0)).toEqual(all.get(287));
  });
});

/** In 32 bits, and both sides rounded once. */
function near(value: number): unknown {
  return expect.closeTo(value, 8);
}
