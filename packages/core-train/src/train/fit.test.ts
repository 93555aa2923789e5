import {
  type Batch,
  fit,
  type FitEvent,
  Module,
  NonFiniteLossError,
  parameter,
  type Transform,
} from "@pellucid/core-train";
import { mean, memory, mul, squaredDifference, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Line extends Module {
  readonly weight = parameter({ data: new Float32Array([1]), shape: [1] });
  forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }
}

const descent = (rate: number): Transform<{ count: number }> => ({
  init: () => ({ count: 0 }),
  update: (gradients, { count }) => [
    Object.fromEntries(Object.entries(gradients).map(([path, g]) => [path, mul(g, -rate)])),
    { count: count + 1 },
  ],
});

/** The points of y = 2x, one or two at a time, freed as `batches` frees them. */
function points(...groups: number[][]) {
  return {
    length: groups.length,
    async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
      for (const group of groups) {
        const batch = { x: tensor(group), y: tensor(group.map((x) => 2 * x)) };
        try {
          yield batch;
        } finally {
          batch.x.dispose();
          batch.y.dispose();
        }
      }
    },
  };
}

const loss = (output: Tensor, target: Tensor) => mean(squaredDifference(output, target));

async function collect(events: AsyncIterable<FitEvent>): Promise<FitEvent[]> {
  const all: FitEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("replays manual gradient descent on y = 2x", async () => {
  // PyTorch, w = 1, lr = 0.01, 100 epochs of the samples 1, 2, 3: w = 1.9999996424 in 32 bits
  const model = new Line();
  await collect(fit(model, points([1], [2], [3]), { loss, optimizer: descent(0.01), epochs: 100 }));
  expect(model.weight).toBeAllclose([1.9999996424], { rtol: 1e-7, atol: 0 });
});

test("yields start, steps, epochs and end", async () => {
  const events = await collect(
    fit(new Line(), points([1], [2], [3]), { loss, optimizer: descent(0), epochs: 2, logEvery: 2 }),
  );
  expect(events.map(({ kind }) => kind)).toEqual([
    "start",
    "step",
    "step",
    "epoch",
    "step",
    "step",
    "epoch",
    "end",
  ]);
  expect(events[1]).toEqual({ kind: "step", epoch: 1, batch: 2, batches: 3, step: 2, loss: (1 + 4) / 2 });
  expect(events[3]).toMatchObject({ kind: "epoch", epoch: 1, epochs: 2, step: 3, loss: (1 + 4 + 9) / 3 });
  expect(events.at(-1)).toEqual({ kind: "end", reason: "completed", step: 6 });
});

test("the loss of an epoch is the mean over examples, not batches", async () => {
  const events = await collect(
    fit(new Line(), points([1, 2], [3]), { loss, optimizer: descent(0), epochs: 1 }),
  );
  expect(events.find(({ kind }) => kind === "epoch")).toMatchObject({ loss: (1 + 4 + 9) / 3 });
});

test("validates after each epoch", async () => {
  const validation = points([10]);
  const events = await collect(
    fit(new Line(), points([1]), { loss, optimizer: descent(0), epochs: 1, validation }),
  );
  expect(events.find(({ kind }) => kind === "epoch")).toMatchObject({
    validation: { loss: 100, metrics: {} },
  });
});

test("continues from a later epoch", async () => {
  const events = await collect(
    fit(new Line(), points([1]), { loss, optimizer: descent(0), epochs: 3, startEpoch: 3 }),
  );
  expect(events[1]).toMatchObject({ kind: "step", epoch: 3, step: 3 });
});

test("stops between steps on an abort, and the model keeps the last whole step", async () => {
  const stop = new AbortController();
  const model = new Line();
  const events: FitEvent[] = [];
  for await (const event of fit(model, points([1], [1]), {
    loss,
    optimizer: descent(0.25),
    epochs: 9,
    signal: stop.signal,
  })) {
    events.push(event);
    if (event.kind === "step") stop.abort();
  }
  expect(events.map(({ kind }) => kind)).toEqual(["start", "step", "end"]);
  expect(events.at(-1)).toEqual({ kind: "end", reason: "aborted", step: 1 });
  expect(model.weight).toBeAllclose([1.5]);
});

test("a loss that is not finite is an error that says what to do", async () => {
  const run = collect(fit(new Line(), points([1e30], [1e30]), { loss, optimizer: descent(1), epochs: 1 }));
  await expect(run).rejects.toThrow(NonFiniteLossError);
  await expect(run).rejects.toThrow("fit: the loss is Infinity at step 1. Lower the learning rate");
});

test.for([NaN, Infinity])("%d in the data is found before a step is taken", async (wrong) => {
  const model = new Line();
  const run = collect(
    fit(model, points([1], [wrong], [1]), { loss, optimizer: descent(0.25), epochs: 1, logEvery: 3 }),
  );
  await expect(run).rejects.toThrow(NonFiniteLossError);
  await expect(run).rejects.toThrow("at step 2");
  expect(model.weight).toBeAllclose([1.5]); // as the first step left it
});

test("a throw in forward leaves the model as it was and nothing behind", async () => {
  const model = new Line();
  model.forward = () => {
    throw new Error("broken");
  };
  const before = memory().numTensors;
  await expect(collect(fit(model, points([1]), { loss, optimizer: descent(1), epochs: 1 }))).rejects.toThrow(
    "broken",
  );
  expect(memory().numTensors).toBe(before);
  expect(model.weight).toBeAllclose([1]);
});

test("leaks no tensors, also when the caller stops iterating", async () => {
  const model = new Line();
  const before = memory().numTensors;
  await collect(
    fit(model, points([1], [2]), { loss, optimizer: descent(0), epochs: 3, validation: points([1]) }),
  );
  for await (const event of fit(model, points([1], [2]), { loss, optimizer: descent(0), epochs: 3 })) {
    if (event.kind === "step") break;
  }
  expect(memory().numTensors).toBe(before);
});

test.for([
  [{ epochs: 0 }, "fit: epochs is 0, expected an integer from 1."],
  [{ epochs: 1, logEvery: 0.5 }, "fit: logEvery is 0.5, expected an integer from 1."],
] as const)("%o is refused", async ([options, message]) => {
  await expect(
    collect(fit(new Line(), points([1]), { loss, optimizer: descent(0), ...options })),
  ).rejects.toThrow(message);
});

test("data without a batch is refused", async () => {
  await expect(
    collect(fit(new Line(), points(), { loss, optimizer: descent(0), epochs: 1 })),
  ).rejects.toThrow("fit: the data has no batch.");
});
