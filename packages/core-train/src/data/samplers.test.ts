import { fixture } from "@pellucid/testing";
import { describe, expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import { batchSampler } from "./batch-sampler.ts";
import { DataError } from "./data-error.ts";
import { randomSampler } from "./random-sampler.ts";
import { sequentialSampler } from "./sequential-sampler.ts";
import { subsetRandomSampler } from "./subset-random-sampler.ts";
import { weightedRandomSampler } from "./weighted-random-sampler.ts";

interface Case {
  readonly name: keyof typeof makers;
  readonly args: never;
  readonly orders: number[][];
  readonly next: number;
}

const makers = {
  random: (args: Parameters<typeof randomSampler>) => randomSampler(...args),
  subset: (args: Parameters<typeof subsetRandomSampler>) => subsetRandomSampler(...args),
  weighted: (args: Parameters<typeof weightedRandomSampler>) => weightedRandomSampler(...args),
};

const { samplers } = fixture<{ samplers: Case[] }>(import.meta.url, "../../fixtures/torch/data.json");

describe("a sampler", () => {
  it.each(samplers)("draws PyTorch's order: $name $args", ({ name, args, orders, next }) => {
    const sampler = makers[name](args);
    const rng = new Rng(4);
    for (const order of orders) {
      expect(Array.from(sampler.draw(rng))).toEqual(order);
      expect(sampler.length).toBe(order.length);
    }
    expect(rng.randint(0, 2 ** 27, []).data[0]).toBe(next);
  });

  it("draws items as often as they weigh", () => {
    const weights = [1, 0, 2, 5];
    const count = 40_000;
    const often = [0, 0, 0, 0];
    const order = weightedRandomSampler(weights, count).draw(new Rng(1));
    for (const item of Array.from(order)) often[item] = (often[item] as number) + 1;
    for (const [i, weight] of weights.entries()) {
      const share = weight / 8;
      const spread = Math.sqrt((share * (1 - share)) / count);
      expect(Math.abs((often[i] as number) / count - share)).toBeLessThanOrEqual(4 * spread);
    }
  });

  it("goes in order without drawing", () => {
    const rng = new Rng(0);
    expect(sequentialSampler(3).draw(rng)).toEqual(Int32Array.of(0, 1, 2));
    expect(rng.uint32()).toBe(new Rng(0).uint32());
  });

  it("is cut into batches, the last one shorter or left out", () => {
    const cut = (dropLast: boolean) => batchSampler(sequentialSampler(5), 2, { dropLast });
    expect([...cut(false).draw(new Rng(0))]).toEqual([
      Int32Array.of(0, 1),
      Int32Array.of(2, 3),
      Int32Array.of(4),
    ]);
    expect([...cut(true).draw(new Rng(0))]).toEqual([Int32Array.of(0, 1), Int32Array.of(2, 3)]);
    expect([cut(false).length, cut(true).length]).toEqual([3, 2]);
  });

  it.each<[() => unknown, string]>([
    [() => randomSampler(0), "randomSampler: 0 of 0 items, expected integers of 1 or more."],
    [
      () => randomSampler(3, { count: 1.5 }),
      "randomSampler: 1.5 of 3 items, expected integers of 1 or more.",
    ],
    [
      () => weightedRandomSampler([1, NaN], 2),
      "weightedRandomSampler: the weight of item 1 is NaN, expected a finite number of 0 or more.",
    ],
    [
      () => weightedRandomSampler([1, -1], 2),
      "weightedRandomSampler: the weight of item 1 is -1, expected a finite number of 0 or more.",
    ],
    [
      () => weightedRandomSampler([1, 0], 2, { replacement: false }),
      "weightedRandomSampler: 1 items have a weight above 0, too few for 2 without replacement.",
    ],
    [
      () => weightedRandomSampler([0, 0], 2),
      "weightedRandomSampler: 0 items have a weight above 0, too few for 2 draws.",
    ],
    [
      () => weightedRandomSampler([1], 0),
      "weightedRandomSampler: the count is 0, expected an integer of 1 or more.",
    ],
    [
      () => batchSampler(sequentialSampler(3), 0.5),
      "batches: the size is 0.5, expected an integer of 1 or more.",
    ],
  ])("says what is wrong: %#", (wrong, message) => {
    expect(wrong).toThrow(DataError);
    expect(wrong).toThrow(message);
  });
});
