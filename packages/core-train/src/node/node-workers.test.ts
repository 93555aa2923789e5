import { memory, type Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, it, onTestFinished } from "vitest";
import drawn, { rows, samples } from "../../test/workers/drawn.ts";
import makeFailing from "../../test/workers/failing.ts";
import slow from "../../test/workers/slow.ts";
import { batches } from "../data/batches.ts";
import { DataError } from "../data/data-error.ts";
import type { Workers } from "../data/workers.ts";
import { Rng } from "../rng/rng.ts";
import { nodeWorkers } from "./node-workers.ts";

const module = (name: string) => new URL(`../../test/workers/${name}.ts`, import.meta.url);

/** Workers of which it is known how many run. */
function watched(workers: Workers): { workers: Workers; running: () => number } {
  let running = 0;
  const start = () => {
    const port = workers.start();
    running++;
    return {
      ...port,
      listen(onMessage: (message: unknown) => void, onFailure: (reason: string) => void) {
        port.listen(onMessage, (reason) => {
          running--;
          onFailure(reason);
        });
      },
    };
  };
  return { workers: { count: workers.count, start }, running: () => running };
}

async function read(loader: AsyncIterable<{ x: Tensor; y: Tensor }>) {
  const found: { x: number[]; y: number[] }[] = [];
  for await (const { x, y } of loader) found.push({ x: [...x.dataSync()], y: [...y.dataSync()] });
  return found;
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe("nodeWorkers", () => {
  it("give the same batches in the same order, whatever their number", async () => {
    const epoch = (count: number) => {
      const workers = nodeWorkers(count, module("drawn"));
      return read(batches(drawn, { size: 4, shuffle: true, rng: new Rng(6), workers }));
    };
    const expected = await epoch(0);
    expect(expected).toHaveLength(6);
    for (const count of [1, 2, 3]) expect(await epoch(count)).toEqual(expected);
  });

  it("give rows of memory epoch after epoch, gathered or one by one, and leave no tensor behind", async () => {
    const workers = nodeWorkers(1, module("rows"));
    const before = memory().numTensors;
    const gathered = batches(rows, { size: 5, workers });
    const collate = (items: { y: { data: Int32Array } }[]) => {
      const y = Int32Array.from(items, (item) => item.y.data[0] as number);
      return { x: { data: y, shape: [y.length] as const }, y: { data: y, shape: [y.length] as const } };
    };
    const single = batches(rows, { size: 5, workers, collate });
    const expected = await read(batches(rows, { size: 5 }));
    for (let epoch = 0; epoch < 2; epoch++) {
      expect(await read(gathered)).toEqual(expected);
      expect((await read(single)).map(({ y }) => y)).toEqual(expected.map(({ y }) => y));
    }
    expect(memory().numTensors).toBe(before);
  });

  it("give records with host values, collated by the worker or here", async () => {
    const all = async (count: number, own: boolean) => {
      const collate = (items: { x: { image: { data: Float32Array }; name: string }; y: number }[]) => ({
        x: {
          image: {
            data: Float32Array.from(items.flatMap(({ x }) => [...x.image.data])),
            shape: [items.length, 2, 1],
          },
          name: items.map(({ x }) => x.name),
        },
        y: { data: Int32Array.from(items, ({ y }) => y), shape: [items.length] },
      });
      const options = { size: 4, workers: nodeWorkers(count, module("samples")), ...(own && { collate }) };
      const found: unknown[] = [];
      for await (const { x, y } of batches(samples, options)) {
        found.push([x.image.shape, [...x.image.dataSync()], x.name, [...y.dataSync()]]);
      }
      return found;
    };
    const before = memory().numTensors;
    const expected = await all(0, false);
    expect(expected[1]).toEqual([
      [4, 2, 1],
      [4, -4, 5, -5, 6, -6, 7, -7],
      ["n4", "n5", "n6", "n7"],
      [4, 5, 6, 7],
    ]);
    expect(await all(2, false)).toEqual(expected);
    expect(await all(0, true)).toEqual(expected);
    expect(await all(1, true)).toEqual(expected);
    expect(memory().numTensors).toBe(before);
  });

  it("resume in the middle of an epoch", async () => {
    const make = (seed: number, count: number) =>
      batches(drawn, {
        size: 4,
        shuffle: true,
        rng: new Rng(seed),
        workers: nodeWorkers(count, module("drawn")),
      });
    const [, , ...expected] = await read(make(9, 0));
    const loader = make(9, 2);
    let given = 0;
    for await (const batch of loader) {
      void batch;
      if (++given === 2) break;
    }
    const other = make(0, 1);
    other.restore(JSON.parse(JSON.stringify(loader.state())));
    expect(await read(other)).toEqual(expected);
  });

  it("end with the epoch, and when the loop is left", async () => {
    const { workers, running } = watched(nodeWorkers(2, module("rows")));
    const loader = batches(rows, { size: 5, workers });
    await read(loader);
    await until(() => running() === 0);
    for await (const batch of loader) {
      void batch;
      expect(running()).toBe(2);
      break;
    }
    await until(() => running() === 0);
  });

  it("end on an abort, which need not wait for them", async () => {
    const { workers, running } = watched(nodeWorkers(2, module("slow")));
    const controller = new AbortController();
    const iterator = batches(slow, { size: 2, workers, signal: controller.signal })[Symbol.asyncIterator]();
    const next = iterator.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    await until(() => running() === 0);
  });

  it.each([
    ["get", "batches: item 7 could not be loaded: the file is gone", 7],
    ["ragged", "collate: item 7 is [2], expected [1] as in item 6; pad them, or give a collate function.", 7],
    ["exit", "batches: a worker stopped: it exited with code 3.", null],
    ["make", "batches: a worker could not start: there is no such folder", null],
  ] as const)("say what went wrong in them, and end: %s", async (how, message, item) => {
    const crashes: unknown[] = [];
    const crashed = (error: unknown) => void crashes.push(error);
    process.on("unhandledRejection", crashed);
    onTestFinished(() => void process.off("unhandledRejection", crashed));
    const { workers, running } = watched(nodeWorkers(2, module("failing"), { data: how }));
    const loader = batches(makeFailing("get"), { size: 3, workers });
    const failure = await (async () => {
      for await (const batch of loader) void batch;
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect(failure).toMatchObject({ message, item });
    await until(() => running() === 0);
    expect(crashes).toEqual([]);
  });

  it("say that their module is missing, or exports no dataset", async () => {
    const failure = (name: string) => {
      const workers = nodeWorkers(1, module(name));
      return read(batches(rows, { size: 5, workers })).catch((error: unknown) => error);
    };
    expect(String(await failure("nowhere"))).toMatch(/a worker could not start: Cannot find module/);
    expect(String(await failure("none"))).toMatch(/has no default export, expected the dataset/);
  });

  it.each([-1, 1.5])("refuse the count %d", (count) => {
    expect(() => nodeWorkers(count, module("rows"))).toThrow(
      new DataError(`nodeWorkers: the count is ${count}, expected an integer of 0 or more.`),
    );
  });

  it("want a URL, for a path would depend on where the program was started", () => {
    expect(() => nodeWorkers(1, "./rows.ts")).toThrow(
      new DataError(
        'nodeWorkers: the module is "./rows.ts", expected a URL: new URL("./x.js", import.meta.url).',
      ),
    );
  });

  it("must make at least one batch ahead", () => {
    const workers = nodeWorkers(1, module("rows"));
    expect(() => batches(rows, { size: 5, workers, prefetch: 0 })).toThrow(
      new DataError("batches: prefetch is 0, expected an integer of 1 or more with workers."),
    );
  });
});
