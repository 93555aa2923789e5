import { batches, DataError, DistributedSampler, Rng, TensorDataset } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { expect, test } from "vitest";

interface TorchCase {
  readonly items: number;
  readonly world: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly epoch: number;
  readonly length: number;
  readonly ranks: readonly (readonly number[])[];
}

interface GoldenCase {
  readonly id: string;
  readonly input: {
    readonly n: number;
    readonly world: number;
    readonly seed: number;
    readonly shuffle: boolean;
  };
  readonly right: Readonly<Record<string, number[][]>>;
}

const torch = fixture<{ cases: TorchCase[] }>(
  import.meta.url,
  "../../fixtures/torch/distributed-sampler.json",
).cases;
const golden = fixture<{ cases: GoldenCase[] }>(
  import.meta.url,
  "../../fixtures/golden/distributed-sampler.json",
).cases;

test.each(torch)(
  "$items items on $world processes, seed $seed, shuffle $shuffle, dropLast $dropLast, epoch $epoch",
  ({ items, world: numReplicas, seed, shuffle, dropLast, epoch, length, ranks }) => {
    for (const [rank, expected] of ranks.entries()) {
      const sampler = new DistributedSampler(items, { numReplicas, rank, seed, shuffle, dropLast });
      sampler.setEpoch(epoch);
      expect(sampler.length).toBe(length);
      expect([...sampler.draw().subarray(0, expected.length)]).toEqual(expected);
    }
  },
);

test.each(golden)("golden: $id", ({ input: { n, world: numReplicas, seed, shuffle }, right }) => {
  for (const [name, ranks] of Object.entries(right)) {
    const [, epoch, drop] = /^epoch_(\d+)_drop_(\w+)$/.exec(name) as RegExpExecArray;
    for (const [rank, expected] of ranks.entries()) {
      const sampler = new DistributedSampler(n, {
        numReplicas,
        rank,
        seed,
        shuffle,
        dropLast: drop === "True",
      });
      sampler.setEpoch(Number(epoch));
      expect([...sampler.draw()], name).toEqual(expected);
    }
  }
});

test("a loader takes it, and draws another order after setEpoch", async () => {
  const x = { data: Float32Array.from({ length: 10 }, (_, i) => i), shape: [10] };
  const sampler = new DistributedSampler(10, { numReplicas: 4, rank: 1 });
  const loader = batches(new TensorDataset({ x }), { size: 2, sampler, rng: new Rng(0) });
  const epoch = async () => {
    const seen: number[] = [];
    for await (const batch of loader) seen.push(...batch.x.dataSync());
    return seen;
  };
  expect(await epoch()).toEqual([1, 9, 2]);
  expect(await epoch()).toEqual([1, 9, 2]);
  sampler.setEpoch(1);
  expect(await epoch()).toEqual([6, 8, 4]);
});

test("numbers out of range and unknown options are errors", () => {
  const make = (items: number, options: object) => () =>
    new DistributedSampler(items, { numReplicas: 2, rank: 0, ...options });
  expect(make(3, { rank: 2 })).toThrow(
    new DataError("DistributedSampler: rank is 2, expected an integer from 0 to 1."),
  );
  expect(make(3, { numReplicas: 0 })).toThrow("numReplicas is 0, expected an integer of 1 or more");
  expect(make(-1, {})).toThrow("items is -1");
  expect(make(3, { seed: 0.5 })).toThrow("seed is 0.5");
  expect(make(3, { drop_last: true })).toThrow("did you mean dropLast?");
  expect(() => new DistributedSampler(3, { numReplicas: 2, rank: 1 }).setEpoch(-1)).toThrow("epoch is -1");
});
