import {
  batches,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  type CrossEntropyOptions,
  evaluate,
  fit,
  type FitEvent,
  logSoftmax,
  meanOver,
  Module,
  mseLoss,
  nllLoss,
  parameter,
  sgd,
  TensorDataset,
} from "@pellucid/core-train";
import {
  add,
  cast,
  clone,
  memory,
  mul,
  notEqual,
  reshape,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor2D,
  tensor1d,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

// Two texts of four tokens: the first counts as a whole, of the second one token does.
const x = {
  data: Float32Array.of(3, 0, 3, 0, 3, 0, 3, 0, 0, 3, 0, 3, 0, 3, 0, 3),
  shape: [2, 4, 2] as const,
};
const y = { data: Int32Array.of(0, 0, 0, 0, 0, -100, -100, -100), shape: [2, 4] as const };
const texts = new TensorDataset({ x, y });
const right = Math.log1p(Math.exp(-3));
const wrong = Math.log1p(Math.exp(3));

/** Gives back its input, and has a weight that does nothing. */
class Same extends Module {
  readonly weight = parameter({ data: Float32Array.of(0), shape: [] });
  forward(input: Tensor3D): Tensor3D {
    return tidy(() => add(input, mul(this.weight, 0)));
  }
}

// torch.nn.functional.cross_entropy(x.reshape(-1, 2), y.reshape(-1)) is 0.648587 for the whole set.
const losses: Record<string, (output: Tensor, y: Tensor) => Tensor> = {
  crossEntropy: (output, y) => crossEntropy(output, y),
  "crossEntropy of rows": (output, y) => crossEntropy(reshape(output, [-1, 2]), reshape(y, [-1])),
  nllLoss: (output, y) => nllLoss(logSoftmax(output), y),
  "a loss that says what it is the mean of": (output, y) =>
    meanOver(mul(crossEntropy(output, y), 1), () => sum(cast(notEqual(y, -100), "float32"))),
};

test.each(Object.keys(losses))(
  "%s of batches is that of all data, without the ignored targets",
  async (name) => {
    const loss = losses[name] as (output: Tensor, y: Tensor) => Tensor;
    const before = memory().numTensors;
    for (const size of [1, 2]) {
      const measured = await evaluate(
        { forward: (input: Tensor3D) => clone(input) },
        batches(texts, { size }),
        { loss },
      );
      expect(measured.loss).toBeCloseTo((4 * right + wrong) / 5, 6);
    }
    expect(memory().numTensors).toBe(before);
  },
);

test("the loss of an epoch is over all its targets", async () => {
  const model = new Same();
  const before = memory().numTensors;
  for (const size of [1, 2]) {
    const events: FitEvent[] = [];
    const options = { loss: crossEntropy, optimizer: sgd({ learningRate: 0 }), epochs: 1 };
    for await (const event of fit(model, batches(texts, { size }), options)) events.push(event);
    const epoch = events.find(({ kind }) => kind === "epoch");
    expect(epoch).toMatchObject({ loss: expect.closeTo((4 * right + wrong) / 5, 6) });
  }
  expect(memory().numTensors).toBe(before);
});

test("labels count by the weights of their classes", async () => {
  const labels = { data: Int32Array.of(0, 0, 0, 1), shape: [4] as const };
  const logits = { data: Float32Array.of(3, 0, 3, 0, 0, 3, 0, 3), shape: [4, 2] as const };
  const weight = tensor1d([1, 5]);
  const options: CrossEntropyOptions = { weight };
  for (const size of [1, 2, 3, 4]) {
    const data = batches(new TensorDataset({ x: logits, y: labels }), { size });
    const loss = (output: Tensor2D, y: Tensor) => crossEntropy(output, y, options);
    const measured = await evaluate({ forward: (input: Tensor2D) => clone(input) }, data, { loss });
    expect(measured.loss).toBeCloseTo((2 * right + wrong + 5 * right) / 8, 6);
  }
  weight.dispose();
});

test("a batch without targets that count adds nothing, and data without any have the mean NaN", async () => {
  const logits = { data: Float32Array.of(3, 0, 0, 3), shape: [2, 2] as const };
  const of = (...labels: number[]) =>
    batches(new TensorDataset({ x: logits, y: { data: Int32Array.from(labels), shape: [2] as const } }), {
      size: 1,
    });
  const model = { forward: (input: Tensor2D) => clone(input) };
  expect((await evaluate(model, of(-100, 1), { loss: crossEntropy })).loss).toBeCloseTo(right, 6);
  expect((await evaluate(model, of(-100, -100), { loss: crossEntropy })).loss).toBeNaN();
});

test("sequences of several lengths count by their numbers", async () => {
  const data = {
    async *[Symbol.asyncIterator]() {
      for (const [length, value] of [
        [1, 3],
        [4, 1],
      ] as const) {
        const tensors = tidy(() => ({
          x: tensor1d(new Array<number>(length).fill(value)),
          y: tensor1d(new Array<number>(length).fill(0)),
        }));
        yield await Promise.resolve(tensors);
        tensors.x.dispose();
        tensors.y.dispose();
      }
    },
  };
  const model = { forward: (input: Tensor) => clone(input) };
  expect((await evaluate(model, data, { loss: mseLoss })).loss).toBeCloseTo((9 + 4) / 5, 6);
  const { loss } = await evaluate(model, data, { loss: binaryCrossEntropyWithLogits });
  expect(loss).toBeCloseTo((Math.log1p(Math.exp(3)) + 4 * Math.log1p(Math.E)) / 5, 6);
});
