import { adam, type Batch, type BatchSource, crossEntropy, fit, Linear, Rng } from "@pellucid/core-train";
import { adversarialBatches, fgsm, marginScore } from "@pellucid/interpret";
import { argMax, mul, type Tensor1D, type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** One feature that is right nine times of ten and large, and five that are always right and small: Tsipras et al., 2019. */
const examples = 200;
const labels = Int32Array.from({ length: examples }, (_, i) => i % 2);
const rows = Array.from(labels, (label, i) => {
  const y = 2 * label - 1;
  return [i % 20 < 2 ? -y : y, ...Array<number>(5).fill(0.3 * y)];
});
const x = tensor2d(rows);
const y = tensor1d(labels, "int32");
const attackOn = (model: Linear) => fgsm<Tensor2D>(marginScore(model, Array.from(labels)), { epsilon: 0.5 });

async function trained(data: (model: Linear) => BatchSource<Batch<Tensor2D, Tensor1D>>): Promise<Linear> {
  const model = new Linear(6, 2, { rng: new Rng(0) });
  const how = { loss: crossEntropy, optimizer: adam({ learningRate: 0.05 }), epochs: 150 };
  for await (const event of fit(model, data(model), how)) void event;
  return model;
}

const all: BatchSource<Batch<Tensor2D, Tensor1D>> = {
  async *[Symbol.asyncIterator]() {
    yield await Promise.resolve({ x, y });
  },
};

function accuracy(model: Linear, at: Tensor2D): number {
  const says = tidy(() => argMax(model.forward(at), 1)).dataSync();
  return says.filter((one, i) => one === labels[i]).length / examples;
}

test("a net that learns from attacked inputs leaves what an attack can turn around", async () => {
  const plain = await trained(() => all);
  const hard = await trained((model) => adversarialBatches(all, ({ x: at }) => attackOn(model)(at)));
  expect(accuracy(plain, x)).toBe(1); // the five small features together
  expect(accuracy(plain, await attackOn(plain)(x))).toBeLessThan(0.2);
  expect(accuracy(hard, x)).toBe(0.9); // the large one alone
  expect(accuracy(hard, await attackOn(hard)(x))).toBe(0.9);
});

test("batches keep their labels and their number, and moved inputs are freed, also when the loop is left", async () => {
  const moved: Tensor2D[] = [];
  const three: BatchSource<Batch<Tensor2D, Tensor1D>> = {
    length: 3,
    async *[Symbol.asyncIterator]() {
      for (let i = 0; i < 3; i++) yield await Promise.resolve({ x, y });
    },
  };
  const data = adversarialBatches(three, (batch) => {
    moved.push(mul(batch.x, 2));
    return moved.at(-1) as Tensor2D;
  });
  expect(data.length).toBe(3);
  for await (const batch of data) {
    expect(batch.y).toBe(y);
    expect(batch.x).toBe(moved.at(-1));
    if (moved.length === 2) break;
  }
  expect(moved.map(({ isDisposed }) => isDisposed)).toEqual([true, true]);
  expect(x.isDisposed).toBe(false);
});
