import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { batches } from "./batches.ts";
import { DataError } from "./data-error.ts";
import { readBatches } from "../../test/read-batches.ts";

describe("a stream", () => {
  async function* upTo(n: number) {
    for (let i = 0; i < n; i++) yield await Promise.resolve(i);
  }
  const again = (n: number): AsyncIterable<number> => ({ [Symbol.asyncIterator]: () => upTo(n) });

  it("comes in batches, each epoch from its start", async () => {
    const loader = batches(again(5), { size: 2 });
    expect(await readBatches(loader)).toEqual([[0, 1], [2, 3], [4]]);
    expect(await readBatches(loader)).toEqual([[0, 1], [2, 3], [4]]);
    expect(await readBatches(batches(again(5), { size: 2, dropLast: true }))).toEqual([
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
    expect(await readBatches(other)).toEqual([[2, 3], [4]]);
    expect(await readBatches(other)).toEqual([[0, 1], [2, 3], [4]]);
    const larger = batches(again(6), { size: 3 });
    larger.restore(loader.state());
    expect(await readBatches(larger)).toEqual([[2, 3, 4], [5]]);
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
    await expect(readBatches(batches(again(0), { size: 2 }))).rejects.toThrow(
      new DataError("batches: the stream is empty."),
    );
  });
});
