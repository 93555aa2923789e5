import { earlyStopping, type FitEvent, keepBest, Module, parameter } from "@pellucid/core-train";
import { memory, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class One extends Module {
  readonly weight = parameter({ data: new Float32Array([0]), shape: [1] });
}

async function* epochs(
  losses: readonly number[],
  onEpoch: (loss: number) => void = () => {},
): AsyncGenerator<FitEvent> {
  for (const [i, loss] of losses.entries()) {
    onEpoch(loss);
    yield {
      kind: "epoch",
      epoch: i + 1,
      epochs: losses.length,
      step: i + 1,
      loss,
      validation: undefined,
      seconds: 0,
    };
  }
  yield { kind: "end", reason: "completed", step: losses.length };
}

async function collect(events: AsyncIterable<FitEvent>): Promise<FitEvent[]> {
  const all: FitEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("stops after `patience` epochs without improvement", async () => {
  const events = await collect(earlyStopping(epochs([3, 2, 2.5, 2, 1]), { patience: 2 }));
  expect(events.at(-1)).toEqual({ kind: "end", reason: "stopped", step: 4 });
});

test("an improvement starts the wait anew", async () => {
  const events = await collect(earlyStopping(epochs([3, 4, 2, 4, 1]), { patience: 2 }));
  expect(events.at(-1)).toEqual({ kind: "end", reason: "completed", step: 5 });
});

test("less than `minDelta` is no improvement", async () => {
  const events = await collect(earlyStopping(epochs([3, 2.9, 2.8]), { patience: 2, minDelta: 0.5 }));
  expect(events.at(-1)).toMatchObject({ reason: "stopped", step: 3 });
});

test("one NaN is an epoch without improvement, and the next number is compared with the last improvement", async () => {
  const events = await collect(earlyStopping(epochs([3, NaN, 2, 1.5, 1]), { patience: 2 }));
  expect(events.at(-1)).toEqual({ kind: "end", reason: "completed", step: 5 });
  const stopped = await collect(earlyStopping(epochs([3, NaN, 4, 1]), { patience: 2 }));
  expect(stopped.at(-1)).toEqual({ kind: "end", reason: "stopped", step: 3 });
});

// Keras: best is 3, then 2.4 (3 - 0.6 ≥ minDelta); 2.7 and 2.1 do not improve on them.
test("slow steady progress counts once it adds up to more than `minDelta`", async () => {
  const options = { patience: 2, minDelta: 0.5 };
  const events = await collect(earlyStopping(epochs([3, 2.7, 2.4, 2.1, 1.8]), options));
  expect(events.at(-1)).toEqual({ kind: "end", reason: "completed", step: 5 });
});

test("a monitor of the user's own decides", async () => {
  const events = await collect(
    earlyStopping(epochs([1, 2, 3]), { patience: 1, monitor: ({ loss }) => -loss }),
  );
  expect(events.at(-1)).toMatchObject({ reason: "completed" });
});

test("an epoch whose loss is NaN is never the best", async () => {
  const model = new One();
  const train = (loss: number) => {
    const weight = tensor1d([loss]);
    model.weight.assign(weight);
    weight.dispose();
  };
  await collect(keepBest(model, epochs([NaN, 2, NaN, 1, NaN], train)));
  expect(model.weight).toBeAllclose([1]);
});

test.for([
  ["to the end", 4],
  ["broken off", 3],
] as const)("the best epoch's weights are kept, training %s", async ([, length]) => {
  const model = new One();
  const before = memory().numTensors;
  const train = (loss: number) => {
    const weight = tensor1d([loss]);
    model.weight.assign(weight);
    weight.dispose();
  };
  let seen = 0;
  for await (const _ of keepBest(model, epochs([3, 1, 2], train))) if (++seen === length) break;
  expect(model.weight).toBeAllclose([1]);
  expect(memory().numTensors).toBe(before);
});
