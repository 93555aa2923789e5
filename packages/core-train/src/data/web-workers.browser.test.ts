import "@tensorflow/tfjs-backend-cpu";
import { memory, setBackend, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import drawn from "../../test/workers/drawn.ts";
import { Rng } from "../rng/rng.ts";
import { batches } from "./batches.ts";
import { DataError } from "./data-error.ts";
import { webWorkers } from "./web-workers.ts";

beforeAll(() => setBackend("cpu"));

const started: Worker[] = [];

const drawnWorkers = (count: number) =>
  webWorkers(count, () => {
    const url = new URL("../../test/workers/drawn.worker.js", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    started.push(worker);
    return worker;
  });

async function read(loader: AsyncIterable<{ x: Tensor; y: Tensor }>) {
  const found: { x: number[]; y: number[] }[] = [];
  for await (const { x, y } of loader) {
    found.push({ x: [...(await x.data())], y: [...(await y.data())] });
  }
  return found;
}

describe("webWorkers", () => {
  it("give the same batches in the same order, whatever their number", async () => {
    const before = memory().numTensors;
    const epochs = async (count: number) => {
      const workers = drawnWorkers(count);
      const loader = batches(drawn, { size: 4, shuffle: true, rng: new Rng(6), workers });
      return [await read(loader), await read(loader)];
    };
    const expected = await epochs(0);
    expect(expected[0]).toHaveLength(6);
    for (const count of [1, 2, 3]) expect(await epochs(count)).toEqual(expected);
    expect(memory().numTensors).toBe(before);
  });

  it("are terminated when the loop is left", async () => {
    const loader = batches(drawn, { size: 4, workers: drawnWorkers(1) });
    for await (const batch of loader) {
      void batch;
      break;
    }
    const worker = started.at(-1) as Worker;
    const heard: unknown[] = [];
    worker.addEventListener("message", (message) => heard.push(message));
    worker.postMessage({ id: 0, indices: Int32Array.of(0), position: 0, seed: 0n, collated: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual([]);
  });

  it("say what went wrong in them", async () => {
    const url = new URL("../../test/workers/failing.worker.js", import.meta.url);
    const workers = webWorkers(2, () => new Worker(url, { type: "module" }));
    const failing = { length: 12, get: () => 0 };
    const failure = await (async () => {
      for await (const batch of batches(failing, { size: 3, workers })) void batch;
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect(failure).toMatchObject({
      item: 7,
      message: "batches: item 7 could not be loaded: the file is gone",
    });
  });

  it("say that their file is missing", async () => {
    const workers = webWorkers(1, () => new Worker("/nowhere.js", { type: "module" }));
    const reading = read(batches(drawn, { size: 3, workers }));
    await expect(reading).rejects.toThrow("batches: a worker stopped: ");
  });
});
