import { type Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import { type Batches, batches } from "./batches.ts";
import { DataError } from "./data-error.ts";
import { mapDataset } from "./map-dataset.ts";
import { counting, readBatches } from "../../test/read-batches.ts";

describe("a saved position", () => {
  const make = (rng: Rng): Batches<Tensor1D> =>
    batches(
      mapDataset(counting(10), (i, item) => i + item.rand([]).data[0]!),
      { size: 3, shuffle: true, rng, prefetch: 1 },
    );

  /** The batches of `epochs` epochs, and the state and what was drawn from the generator meanwhile, at batch `stop`. */
  async function run(stop: number) {
    const rng = new Rng(11);
    const loader = make(rng);
    const given: number[][] = [];
    let saved = "";
    for (let epoch = 0; epoch < 3; epoch++) {
      for await (const batch of loader) {
        rng.rand([3]); // a model that drops out draws from the same generator
        given.push([...batch.dataSync()]);
        if (given.length === stop) saved = JSON.stringify(loader.state());
      }
    }
    return { given, saved };
  }

  it.each([1, 3, 4, 5, 8])("resumes exactly, from batch %d of 12", async (stop) => {
    const { given, saved } = await run(stop);
    const rng = new Rng(0);
    const loader = make(rng);
    loader.restore(JSON.parse(saved));
    const rest: number[][] = [];
    while (rest.length < given.length - stop) {
      for await (const batch of loader) {
        rng.rand([3]);
        rest.push([...batch.dataSync()]);
      }
    }
    expect(rest).toEqual(given.slice(stop));
  });

  it("resumes between two epochs", async () => {
    const loader = make(new Rng(11));
    await readBatches(loader);
    const state = loader.state();
    const expected = await readBatches(loader);
    const other = make(new Rng(5));
    other.restore(state);
    expect(await readBatches(other)).toEqual(expected);
  });

  it("is kept when the loop is left, until the next one begins", async () => {
    const loader = make(new Rng(11));
    for await (const batch of loader) {
      void batch;
      break;
    }
    expect(loader.state().running?.items).toBe(3);
    const other = make(new Rng(11));
    const [, ...expected] = await readBatches(other);
    const resumed = make(new Rng(0));
    resumed.restore(loader.state());
    expect(await readBatches(resumed)).toEqual(expected);
  });

  it("can be saved again in a resumed epoch", async () => {
    const { given, saved } = await run(1);
    const second = make(new Rng(0));
    second.restore(JSON.parse(saved));
    for await (const batch of second) {
      void batch;
      break;
    }
    const third = make(new Rng(0));
    third.restore(second.state());
    expect(await readBatches(third)).toEqual(given.slice(2, 4));
  });

  it("can be taken while the first batch is on its way", async () => {
    const loader = make(new Rng(11));
    const iterator = loader[Symbol.asyncIterator]();
    const first = iterator.next();
    const state = loader.state();
    expect(state.running?.items).toBe(0);
    await first;
    await iterator.return();
    const resumed = make(new Rng(0));
    resumed.restore(state);
    expect(await readBatches(resumed)).toEqual(await readBatches(make(new Rng(11))));
  });

  it.each([1, 2, 4, 5, 10])("resumes in batches of %d with the items that were not yielded", async (size) => {
    const shuffled = (of: number) => batches(counting(10), { size: of, shuffle: true, rng: new Rng(7) });
    const first = shuffled(3);
    const items = (await readBatches(shuffled(3))).flat(); // one epoch
    for await (const batch of first) {
      void batch;
      break;
    }
    const resumed = shuffled(size);
    resumed.restore(first.state());
    const rest = await readBatches(resumed);
    expect(rest.flat()).toEqual(items.slice(3));
    expect(rest.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(7 / size) }, (_, i) => Math.min(size, 7 - i * size)),
    );
    expect((await readBatches(resumed)).flat()).toHaveLength(10);
  });

  it("resumes with dropLast by the items that are left", async () => {
    const loader = (size: number) => batches(counting(25), { size, dropLast: true });
    const first = loader(4);
    for await (const batch of first) {
      void batch;
      break;
    }
    const resumed = loader(7);
    resumed.restore(first.state());
    expect((await readBatches(resumed)).flat()).toEqual(Array.from({ length: 21 }, (_, i) => 4 + i));
  });

  it("resumes with a batchSampler where one of its batches ends", async () => {
    const sampler = (...groups: number[][]) => ({ length: groups.length, draw: () => groups });
    const first = batches(counting(4), { batchSampler: sampler([3], [0, 1], [2]) });
    let seen = 0;
    for await (const batch of first) {
      void batch;
      if (++seen === 2) break;
    }
    const same = batches(counting(4), { batchSampler: sampler([0, 1], [3], [2]) });
    same.restore(first.state());
    expect(await readBatches(same)).toEqual([[2]]);
    const other = batches(counting(4), { batchSampler: sampler([0, 1], [2, 3]) });
    other.restore(first.state());
    await expect(readBatches(other)).rejects.toThrow(
      "batches: the state has given 3 items, but no batch of this batchSampler ends there. Resume with the batchSampler that the state was saved with.",
    );
  });

  it("is refused by a loader that it cannot be of", () => {
    const state = make(new Rng(0)).state();
    expect(() => batches(counting(10), { size: 3 }).restore(state)).toThrow(
      new DataError(
        "batches: the state does not fit this loader: it has a generator and has given 0 of 10 items.",
      ),
    );
    const far = { ...state, running: { epoch: 0, rng: state.rng, items: 11 } };
    expect(() => make(new Rng(0)).restore(far)).toThrow("has given 11 of 10 items.");
  });
});
