import {
  BatchNorm1d,
  batches,
  crossEntropy,
  DataError,
  evaluate,
  fit,
  Linear,
  type MetricAccumulator,
  Module,
  mseLoss,
  Rng,
  sgd,
  stateOf,
  StructError,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mean,
  memory,
  mul,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** A reading in two parts, and whom it is from. */
interface Reading {
  readonly left: Tensor2D;
  readonly right: Tensor2D;
  readonly names: readonly string[];
}

interface Estimate {
  readonly value: Tensor2D;
  /** Handed through: a tensor of the input. */
  readonly right: Tensor2D;
}

class Reader extends Module {
  readonly linear = new Linear(3, 1, { rng: new Rng(0) });
  readonly norm = new BatchNorm1d(3);
  forward({ left, right, names }: Reading): Estimate {
    if (names.length !== left.shape[0]) throw new Error("names are lost");
    const value: Tensor2D = tidy(() => this.linear.forward(this.norm.forward(concat([left, right], 1))));
    return { value, right };
  }
}

const items = Array.from({ length: 6 }, (_, i) => ({
  x: { left: Float32Array.of(i, i % 2), right: Float32Array.of(1 - i), name: `n${i}` },
  y: { value: Float32Array.of(2 * i) },
  weight: i < 3 ? 0.5 : 1.5,
}));
type Item = (typeof items)[number];
const dataset = { length: items.length, get: (i: number) => items[i] as Item };
const row = (arrays: readonly Float32Array[]) => ({
  data: Float32Array.from(arrays.flatMap((each) => [...each])),
  shape: [arrays.length, arrays[0]?.length ?? 0] as const,
});
const collate = (read: readonly Item[]) => ({
  x: {
    left: row(read.map(({ x }) => x.left)),
    right: row(read.map(({ x }) => x.right)),
    names: read.map(({ x }) => x.name),
  },
  y: { value: row(read.map(({ y }) => y.value)) },
  weights: { data: Float32Array.from(read, ({ weight }) => weight), shape: [read.length] as const },
});
const data = () => batches(dataset, { size: 4, collate });

/** The weighted mean of the output: it needs the whole output, target and batch. */
class Weighted implements MetricAccumulator<
  Estimate,
  { readonly value: Tensor2D },
  { readonly weights: Tensor1D }
> {
  readonly seen: number[] = [];
  async update(
    output: Estimate,
    target: { readonly value: Tensor2D },
    { weights }: { readonly weights: Tensor1D },
  ) {
    const all = tidy(() => [sum(output.right), sum(target.value), sum(weights)]);
    for (const one of all) {
      this.seen.push((await one.data())[0] ?? NaN);
      one.dispose();
    }
  }
  compute = () => this.seen.length;
  reset(): void {
    this.seen.length = 0;
  }
}

const loss = (
  output: Estimate,
  target: { readonly value: Tensor2D },
  { weights }: { readonly weights: Tensor1D },
) => mean(mul(mseLoss(output.value, target.value), weights));

test("the loss and the metrics get the whole output, the whole target and the whole batch, and all is freed", async () => {
  const model = new Reader();
  const before = memory().numTensors;
  const metric = new Weighted();
  const losses: number[] = [];
  for await (const event of fit(model, data(), {
    loss: (output, y, batch) => mean(mul(mseLoss(output.value, y.value), batch.weights)),
    optimizer: sgd({ learningRate: 0.01 }),
    epochs: 20,
    validation: data(),
    metrics: { metric },
  })) {
    if (event.kind === "epoch") losses.push(event.loss);
  }
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  expect(metric.seen).toEqual([-2, 12, 3, -7, 18, 3]); // two batches: of four and of two
  expect(memory().numTensors).toBe(before);
});

test("an epoch's loss is the mean over examples, the first axis of the first tensor of x", async () => {
  const model = new Reader();
  const { loss: mean } = await evaluate(model, data(), { loss: ({ value }) => sum(mul(value, 0)) });
  expect(mean).toBe(0);
  const counts: number[] = [];
  const { loss: counted } = await evaluate(model, data(), {
    loss: ({ value }) => {
      counts.push(value.shape[0]);
      return sum(add(mul(value, 0), 1)); // 4, then 2
    },
  });
  expect(counts).toEqual([4, 2]);
  expect(counted).toBeCloseTo((4 * 4 + 2 * 2) / 6, 6);
});

test("a tensor of the batch in the output is not freed twice, and data that keeps its tensors can be read again", async () => {
  const model = new Reader();
  const held: { x: Reading; y: { value: Tensor2D }; weights: Tensor1D }[] = [];
  for await (const batch of data()) {
    held.push({
      x: { left: add(batch.x.left, 0), right: add(batch.x.right, 0), names: batch.x.names },
      y: { value: add(batch.y.value, 0) },
      weights: add(batch.weights, 0),
    });
  }
  const source = {
    async *[Symbol.asyncIterator]() {
      for (const batch of held) yield await Promise.resolve(batch);
    },
  };
  const before = memory().numTensors;
  const first = await evaluate(model, source, { loss });
  expect(await evaluate(model, source, { loss })).toEqual(first);
  for await (const event of fit(model, source, { loss, optimizer: sgd({ learningRate: 0 }), epochs: 2 }))
    void event;
  expect(memory().numTensors).toBe(before);
});

test("a loss of two parameters is not given the batch in place of its options", async () => {
  const logits = new Linear(2, 3, { rng: new Rng(1) });
  const labeled = {
    length: 2,
    get: (i: number) => ({ x: Float32Array.of(i, 1), y: i, weight: 100, reduction: "sum" }),
  };
  const all = () => batches(labeled, { size: 2 });
  const plain = await evaluate(logits, all(), { loss: (output, y) => crossEntropy(output, y) });
  expect(await evaluate(logits, all(), { loss: crossEntropy })).toEqual(plain);
});

test.for([
  [{ x: { name: "a" }, y: 1 }, DataError, "the x of a batch has no tensor, expected one at least"],
  [{ x: { f: () => 1 }, y: 1 }, StructError, "batch.x.f is a function, expected a tensor"],
  [{ x: 1, y: { f: new Map() } }, StructError, "batch.y.f is a Map, expected a tensor"],
  [{ x: 1, y: 1, more: [() => 1] }, StructError, "batch.more.0 is a function, expected a tensor"],
] as const)("a batch that is none is refused before a step is taken: %#", async ([batch, kind, message]) => {
  const model = new Reader();
  const before = Object.values(stateOf(model)).map((each) => [...each.dataSync()]);
  const count = memory().numTensors;
  const source = {
    async *[Symbol.asyncIterator]() {
      yield await Promise.resolve(batch as never);
    },
  };
  const how = { loss: () => mean([1]), optimizer: sgd({ learningRate: 1 }), epochs: 1 };
  const trained = (async () => {
    for await (const event of fit(model, source, how)) void event;
  })();
  await expect(trained).rejects.toThrow(kind);
  await expect(trained).rejects.toThrow(`fit: ${message}`);
  await expect(evaluate(model, source, how)).rejects.toThrow(`evaluate: ${message}`);
  expect(Object.values(stateOf(model)).map((each) => [...each.dataSync()])).toEqual(before);
  expect(memory().numTensors).toBe(count);
});
