import { fixture } from "@pellucid/testing";
import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import { StructError } from "../struct/struct-error.ts";
import { batches } from "./batches.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { mapDataset } from "./map-dataset.ts";
import { randomSampler } from "./random-sampler.ts";
import { TensorDataset } from "./tensor-dataset.ts";
import { counting, readBatches } from "../../test/read-batches.ts";

interface Loader {
  readonly seed: number;
  readonly length: number;
  readonly size: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly epochs: number[][][];
  readonly next: number;
}

const { loaders, givenGenerator } = fixture<{ loaders: Loader[]; givenGenerator: Loader[] }>(
  import.meta.url,
  "../../fixtures/torch/data.json",
);

const after = (rng: Rng) => rng.randint(0, 2 ** 27, []).data[0];

describe("batches", () => {
  it.each(loaders)(
    "come in the order of DataLoader: seed $seed, $length items by $size, shuffle $shuffle, dropLast $dropLast",
    async ({ seed, length, size, shuffle, dropLast, epochs, next }) => {
      const rng = new Rng(seed);
      const loader = batches(counting(length), { size, shuffle, dropLast, rng });
      for (const epoch of epochs) expect(await readBatches(loader)).toEqual(epoch);
      expect(loader.length).toBe(epochs[0]?.length);
      expect(after(rng)).toBe(next);
    },
  );

  it.each(givenGenerator)(
    "come in its order where it was given a generator too: seed $seed",
    async ({ seed, length, size, epochs, next }) => {
      const rng = new Rng(seed);
      const sampler = randomSampler(length, { seedsItsOwn: false });
      const loader = batches(counting(length), { size, sampler, rng });
      for (const epoch of epochs) expect(await readBatches(loader)).toEqual(epoch);
      expect(after(rng)).toBe(next);
    },
  );

  it("are tensors where there were numbers", async () => {
    const items: Dataset<{ x: Float32Array; y: number; name: string }> = {
      length: 3,
      get: (i) => ({ x: Float32Array.of(i, 0.5), y: i, name: `n${i}` }),
    };
    for await (const { x, y, name } of batches(items, { size: 3 })) {
      expect([x.shape, x.dtype, [...x.dataSync()]]).toEqual([[3, 2], "float32", [0, 0.5, 1, 0.5, 2, 0.5]]);
      expect([y.shape, y.dtype, [...y.dataSync()]]).toEqual([[3], "int32", [0, 1, 2]]);
      expect(name).toEqual(["n0", "n1", "n2"]);
    }
  });

  it("make integers of bytes", async () => {
    const images = new TensorDataset({ x: { data: Uint8Array.of(0, 128, 255), shape: [3, 1] } });
    for await (const { x } of batches(images, { size: 3 }))
      expect([x.dtype, [...x.dataSync()]]).toEqual(["int32", [0, 128, 255]]);
  });

  it("are made by a collate function of your own", async () => {
    const collate = (items: number[]) => ({
      sum: { data: Float32Array.of(items.reduce((sum, item) => sum + item, 0)), shape: [1] as const },
      kept: items,
    });
    for await (const { sum, kept } of batches(counting(4), { size: 4, collate })) {
      expect([...sum.dataSync()]).toEqual([6]);
      expect(kept).toEqual([0, 1, 2, 3]);
    }
    async function* stream() {
      yield* [1, 2, 3];
    }
    for await (const { sum, kept } of batches(stream(), { size: 3, collate })) {
      expect([...sum.dataSync()]).toEqual([6]);
      expect(kept).toEqual([1, 2, 3]);
    }
  });

  it("keep host values, interfaces and classes that a collate function returns", async () => {
    interface Texts {
      readonly tokens: { readonly data: Int32Array; readonly shape: readonly [number, number] };
      readonly lengths: readonly number[];
    }
    class Both {
      readonly texts: Texts;
      readonly y = { data: Float32Array.of(1, 2), shape: [2] as const };
      constructor(texts: Texts) {
        this.texts = texts;
      }
    }
    const before = memory().numTensors;
    const collate = (items: number[]) =>
      new Both({ tokens: { data: Int32Array.from(items), shape: [items.length, 1] }, lengths: items });
    for await (const batch of batches(counting(2), { size: 2, collate })) {
      expect(batch).toBeInstanceOf(Both);
      expect(batch.texts.tokens.shape).toEqual([2, 1]);
      expect(batch.texts.lengths).toEqual([0, 1]);
      expect(batch.y).toBeAllclose([1, 2]);
      expect(memory().numTensors).toBe(before + 2);
    }
    expect(memory().numTensors).toBe(before);
  });

  it("come from batch samplers", async () => {
    const batchSampler = { length: 2, draw: () => [[3, 1], Int32Array.of(0)] };
    expect(await readBatches(batches(counting(4), { batchSampler, rng: new Rng(0) }))).toEqual([[3, 1], [0]]);
  });

  it("wait for items that come later, asked for at once", async () => {
    let open = 0;
    let most = 0;
    const files: Dataset<number> = {
      length: 6,
      async get(i) {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 5 - i / 2));
        open--;
        return i;
      },
    };
    expect(await readBatches(batches(files, { size: 2 }))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(most).toBe(2);
    await readBatches(batches(files, { size: 2, prefetch: 2 }));
    expect(most).toBe(6);
  });

  it("give each item its own draws, which prefetching, batch size and what else is read do not change", async () => {
    const drawn = mapDataset(counting(10), (_, rng) => rng.uint32() / 2 ** 32);
    const epoch = async (size: number, prefetch: number) =>
      (await readBatches(batches(drawn, { size, shuffle: true, rng: new Rng(3), prefetch }))).flat();
    const expected = await epoch(1, 0);
    expect(new Set(expected).size).toBe(10);
    expect(await epoch(4, 0)).toEqual(expected);
    expect(await epoch(3, 2)).toEqual(expected);
  });

  it("draw anew each epoch, also without a generator", async () => {
    const drawn = mapDataset(counting(4), (_, rng) => rng.uint32() / 2 ** 32);
    const loader = batches(drawn, { size: 4 });
    const first = await readBatches(loader);
    expect(await readBatches(loader)).not.toEqual(first);
    expect(await readBatches(batches(drawn, { size: 4 }))).toEqual(first);
  });
});

describe("an abort", () => {
  it("ends a wait at once, with the signal's reason", async () => {
    const controller = new AbortController();
    const never: Dataset<number> = { length: 2, get: () => new Promise(() => {}) };
    const reading = readBatches(batches(never, { size: 1, signal: controller.signal }));
    setTimeout(() => controller.abort(new Error("enough")), 5);
    await expect(reading).rejects.toThrow("enough");
  });

  it("frees the batch in use", async () => {
    const before = memory().numTensors;
    const controller = new AbortController();
    const reading = async () => {
      for await (const batch of batches(counting(4), { size: 1, signal: controller.signal })) {
        controller.abort();
        expect(batch.isDisposed).toBe(false);
      }
    };
    await expect(reading()).rejects.toThrow("aborted");
    expect(memory().numTensors).toBe(before);
  });

  it("before the start loads nothing", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(readBatches(batches(counting(4), { size: 1, signal }))).rejects.toThrow("too late");
  });
});

describe("errors", () => {
  it("say which item could not be loaded, and why", async () => {
    const cause = new Error("the file is gone");
    const get = (i: number) => {
      if (i === 2) throw cause;
      return i;
    };
    const expected = { name: "DataError", item: 2, cause };
    for (const dataset of [
      { length: 4, get },
      { length: 4, get: async (i: number) => get(await Promise.resolve(i)) },
    ]) {
      const failure = await readBatches(batches<number>(dataset, { size: 2, prefetch: 1 })).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject(expected);
      expect(failure).toHaveProperty("message", "batches: item 2 could not be loaded: the file is gone");
    }
  });

  it.each<[() => unknown, string]>([
    [() => batches(counting(0), { size: 2 }), "batches: the dataset is empty."],
    [() => batches(counting(2), { size: 0 }), "batches: the size is 0, expected an integer of 1 or more."],
    [
      () => batches(counting(2), { size: 1.5 }),
      "batches: the size is 1.5, expected an integer of 1 or more.",
    ],
    [
      () => batches(counting(2), { size: 3, dropLast: true }),
      "batches: 2 items give no full batch of 3. Set dropLast: false or a smaller size.",
    ],
    [() => batches(counting(NaN), { size: 3 }), "batches: the dataset's length is NaN, expected an integer."],
    [
      () => batches(counting(2), { size: 1, shuffle: true } as never),
      "batches: shuffle and sampler need { rng }: new Rng(seed).",
    ],
    [
      () => batches(counting(2), { size: 1, prefetch: -1 }),
      "batches: prefetch is -1, expected an integer of 0 or more.",
    ],
  ])("say what is wrong: %#", (wrong, message) => {
    expect(wrong).toThrow(DataError);
    expect(wrong).toThrow(message);
  });

  it("name what a batch cannot hold, and leave no tensor", async () => {
    const before = memory().numTensors;
    const collate = () => ({ x: { data: new Float32Array(2), shape: [2] }, more: { f: () => 1 } });
    await expect(readBatches(batches(counting(2), { size: 2, collate }) as never)).rejects.toThrow(
      new StructError(
        "batch.more.f is a function, expected a tensor, a host value (a number, string, boolean or typed array), or a list or record of such.",
      ),
    );
    expect(memory().numTensors).toBe(before);
  });

  it("say what a sampler drew that is not there", async () => {
    const sampler = { length: 2, draw: () => [0, 7] };
    await expect(readBatches(batches(counting(2), { size: 2, sampler, rng: new Rng(0) }))).rejects.toThrow(
      "batches: the sampler drew item 7, but there are 2 items.",
    );
  });
});
