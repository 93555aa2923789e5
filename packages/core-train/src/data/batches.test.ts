import { fixture } from "@pellucid/testing";
import { memory, type Tensor, type Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import { StructError } from "../struct/struct-error.ts";
import { type Batches, batches } from "./batches.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { mapDataset } from "./map-dataset.ts";
import { randomSampler } from "./random-sampler.ts";
import { TensorDataset } from "./tensor-dataset.ts";

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

const counting = (length: number): Dataset<number> => ({ length, get: (i) => i });

/** The numbers of the batches that are left of an epoch. */
async function read(loader: AsyncIterable<Tensor1D>): Promise<number[][]> {
  const found: number[][] = [];
  for await (const batch of loader) found.push([...batch.dataSync()]);
  return found;
}

const after = (rng: Rng) => rng.randint(0, 2 ** 27, []).data[0];

describe("batches", () => {
  it.each(loaders)(
    "come in the order of DataLoader: seed $seed, $length items by $size, shuffle $shuffle, dropLast $dropLast",
    async ({ seed, length, size, shuffle, dropLast, epochs, next }) => {
      const rng = new Rng(seed);
      const loader = batches(counting(length), { size, shuffle, dropLast, rng });
      for (const epoch of epochs) expect(await read(loader)).toEqual(epoch);
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
      for (const epoch of epochs) expect(await read(loader)).toEqual(epoch);
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
    expect(await read(batches(counting(4), { batchSampler, rng: new Rng(0) }))).toEqual([[3, 1], [0]]);
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
    expect(await read(batches(files, { size: 2 }))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(most).toBe(2);
    await read(batches(files, { size: 2, prefetch: 2 }));
    expect(most).toBe(6);
  });

  it("give each item its own draws, which prefetching, batch size and what else is read do not change", async () => {
    const drawn = mapDataset(counting(10), (_, rng) => rng.uint32() / 2 ** 32);
    const epoch = async (size: number, prefetch: number) =>
      (await read(batches(drawn, { size, shuffle: true, rng: new Rng(3), prefetch }))).flat();
    const expected = await epoch(1, 0);
    expect(new Set(expected).size).toBe(10);
    expect(await epoch(4, 0)).toEqual(expected);
    expect(await epoch(3, 2)).toEqual(expected);
  });

  it("draw anew each epoch, also without a generator", async () => {
    const drawn = mapDataset(counting(4), (_, rng) => rng.uint32() / 2 ** 32);
    const loader = batches(drawn, { size: 4 });
    const first = await read(loader);
    expect(await read(loader)).not.toEqual(first);
    expect(await read(batches(drawn, { size: 4 }))).toEqual(first);
  });
});

describe("the memory of a batch", () => {
  const items = new TensorDataset({
    x: { data: new Float32Array(20), shape: [10, 2] },
    y: { data: new Int32Array(10), shape: [10] },
  });

  it("is freed when the next is asked for", async () => {
    const before = memory().numTensors;
    const seen: Tensor[] = [];
    for await (const { x, y } of batches(items, { size: 3 })) {
      expect(memory().numTensors).toBe(before + 2);
      expect(seen.every((tensor) => tensor.isDisposed)).toBe(true);
      seen.push(x, y);
    }
    expect(memory().numTensors).toBe(before);
  });

  it("is freed when the loop is left, or throws", async () => {
    const before = memory().numTensors;
    for await (const { x } of batches(items, { size: 3 })) {
      expect(x.isDisposed).toBe(false);
      break;
    }
    const failing = async () => {
      for await (const { x } of batches(items, { size: 3 })) throw new Error(`at ${x.shape.join()}`);
    };
    await expect(failing()).rejects.toThrow("at 3,2");
    expect(memory().numTensors).toBe(before);
  });

  it("is freed when the next cannot be loaded, or made a tensor", async () => {
    const before = memory().numTensors;
    const broken: Dataset<number> = {
      length: 4,
      get(i) {
        if (i === 3) throw new Error("the file is gone");
        return i;
      },
    };
    await expect(read(batches(broken, { size: 2 }))).rejects.toThrow("the file is gone");
    const collate = () => ({
      good: { data: new Float32Array(1), shape: [1] as const },
      bad: { data: new Float32Array(1), shape: [2] as const },
    });
    const iterator = batches(counting(2), { size: 2, collate })[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
  });

  it("stays flat over many epochs", async () => {
    const loader = batches(items, { size: 3, shuffle: true, rng: new Rng(0), prefetch: 2 });
    const before = memory();
    for (let epoch = 0; epoch < 200; epoch++) for await (const batch of loader) void batch;
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
  });
});

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
    await read(loader);
    const state = loader.state();
    const expected = await read(loader);
    const other = make(new Rng(5));
    other.restore(state);
    expect(await read(other)).toEqual(expected);
  });

  it("is kept when the loop is left, until the next one begins", async () => {
    const loader = make(new Rng(11));
    for await (const batch of loader) {
      void batch;
      break;
    }
    expect(loader.state().running?.items).toBe(3);
    const other = make(new Rng(11));
    const [, ...expected] = await read(other);
    const resumed = make(new Rng(0));
    resumed.restore(loader.state());
    expect(await read(resumed)).toEqual(expected);
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
    expect(await read(third)).toEqual(given.slice(2, 4));
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
    expect(await read(resumed)).toEqual(await read(make(new Rng(11))));
  });

  it.each([1, 2, 4, 5, 10])("resumes in batches of %d with the items that were not yielded", async (size) => {
    const shuffled = (of: number) => batches(counting(10), { size: of, shuffle: true, rng: new Rng(7) });
    const first = shuffled(3);
    const items = (await read(shuffled(3))).flat(); // one epoch
    for await (const batch of first) {
      void batch;
      break;
    }
    const resumed = shuffled(size);
    resumed.restore(first.state());
    const rest = await read(resumed);
    expect(rest.flat()).toEqual(items.slice(3));
    expect(rest.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(7 / size) }, (_, i) => Math.min(size, 7 - i * size)),
    );
    expect((await read(resumed)).flat()).toHaveLength(10);
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
    expect((await read(resumed)).flat()).toEqual(Array.from({ length: 21 }, (_, i) => 4 + i));
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
    expect(await read(same)).toEqual([[2]]);
    const other = batches(counting(4), { batchSampler: sampler([0, 1], [2, 3]) });
    other.restore(first.state());
    await expect(read(other)).rejects.toThrow(
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

describe("an abort", () => {
  it("ends a wait at once, with the signal's reason", async () => {
    const controller = new AbortController();
    const never: Dataset<number> = { length: 2, get: () => new Promise(() => {}) };
    const reading = read(batches(never, { size: 1, signal: controller.signal }));
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
    await expect(read(batches(counting(4), { size: 1, signal }))).rejects.toThrow("too late");
  });
});

describe("a stream", () => {
  async function* upTo(n: number) {
    for (let i = 0; i < n; i++) yield await Promise.resolve(i);
  }
  const again = (n: number): AsyncIterable<number> => ({ [Symbol.asyncIterator]: () => upTo(n) });

  it("comes in batches, each epoch from its start", async () => {
    const loader = batches(again(5), { size: 2 });
    expect(await read(loader)).toEqual([[0, 1], [2, 3], [4]]);
    expect(await read(loader)).toEqual([[0, 1], [2, 3], [4]]);
    expect(await read(batches(again(5), { size: 2, dropLast: true }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("resumes from a saved position", async () => {
    const loader = batches(again(5), { size: 2 });
    for await (const batch of loader) {
      void batch;
      break;
    }
    const other = batches(again(5), { size: 2 });
    other.restore(loader.state());
    expect(await read(other)).toEqual([[2, 3], [4]]);
    expect(await read(other)).toEqual([[0, 1], [2, 3], [4]]);
    const larger = batches(again(6), { size: 3 });
    larger.restore(loader.state());
    expect(await read(larger)).toEqual([[2, 3, 4], [5]]);
  });

  it("is closed, and its batch freed, when the loop is left", async () => {
    const before = memory().numTensors;
    let closed = false;
    async function* source() {
      try {
        for (;;) yield await Promise.resolve(1);
      } finally {
        closed = true;
      }
    }
    for await (const batch of batches(source(), { size: 2 })) {
      void batch;
      break;
    }
    expect(closed).toBe(true);
    expect(memory().numTensors).toBe(before);
  });

  it("says which item does not fit", async () => {
    async function* ragged() {
      yield await Promise.resolve([1, 2]);
      yield [3, 4];
      yield [5, 6];
      yield [7];
    }
    const reading = async () => {
      for await (const batch of batches(ragged(), { size: 2 })) void batch;
    };
    await expect(reading()).rejects.toThrow("item 3 is [1], expected [2] as in item 2");
  });

  it("must have items", async () => {
    await expect(read(batches(again(0), { size: 2 }))).rejects.toThrow(
      new DataError("batches: the stream is empty."),
    );
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
      const failure = await read(batches<number>(dataset, { size: 2, prefetch: 1 })).catch(
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
    await expect(read(batches(counting(2), { size: 2, collate }) as never)).rejects.toThrow(
      new StructError(
        "batch.more.f is a function, expected a tensor, a host value (a number, string, boolean or typed array), or a list or record of such.",
      ),
    );
    expect(memory().numTensors).toBe(before);
  });

  it("say what a sampler drew that is not there", async () => {
    const sampler = { length: 2, draw: () => [0, 7] };
    await expect(read(batches(counting(2), { size: 2, sampler, rng: new Rng(0) }))).rejects.toThrow(
      "batches: the sampler drew item 7, but there are 2 items.",
    );
  });
});
