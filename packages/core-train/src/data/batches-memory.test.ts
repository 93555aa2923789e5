import { memory, type Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Rng } from "../rng/rng.ts";
import { batches } from "./batches.ts";
import type { Dataset } from "./dataset.ts";
import { TensorDataset } from "./tensor-dataset.ts";
import { counting, readBatches } from "../../test/read-batches.ts";

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
    await expect(readBatches(batches(broken, { size: 2 }))).rejects.toThrow("the file is gone");
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
