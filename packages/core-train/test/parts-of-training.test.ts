import {
  BatchStream,
  explainedVariance,
  featureAlphaDropout,
  type FitEpoch,
  glu,
  init,
  lowestLoss,
  perParameter,
  recall,
  reduceLosses,
  Rng,
  roundHalfEven,
  softmin,
  traceable,
} from "@pellucid/core-train";
import { type EventLog, EventFile } from "@pellucid/core-train/tensorboard";
import { add, mul, ones, scalar, sign, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("half of a gated linear unit is the gate of the other half", () => {
  expect(glu(tensor1d([3, 5, 0, 0]))).toBeAllclose([1.5, 2.5]); // σ(0) = 0.5
});

test("softmin gives the smallest value the largest weight", () => {
  const total = 1 + Math.exp(-1);
  expect(softmin(tensor1d([0, 1]))).toBeAllclose([1 / total, Math.exp(-1) / total]);
});

test("channels are dropped whole, and take SELU's value at minus infinity", () => {
  const dropped = featureAlphaDropout(ones([1, 4, 2]), 0.5, { rng: new Rng(0) }).arraySync() as number[][][];
  const [first = [], ...steps] = dropped[0] ?? [];
  for (const step of steps) expect(step).toEqual(first);
});

test("the mean of losses, their sum, or all of them", () => {
  const losses = tensor1d([1, 3]);
  expect(reduceLosses("myLoss", losses)).toBeAllclose(2);
  expect(reduceLosses("myLoss", losses, "sum")).toBeAllclose(4);
  expect(reduceLosses("myLoss", losses, "none")).toBeAllclose([1, 3]);
  expect(reduceLosses("myLoss", losses, "mean", tensor1d([1, 3]))).toBeAllclose(1); // 4 / (1 + 3)
});

test("a constant error leaves the explained variance at 1", async () => {
  expect(await explainedVariance(tensor1d([2, 3, 4]), tensor1d([1, 2, 3]))).toBe(1);
});

test("the recall is the share of a class's examples that are found", async () => {
  const [prediction, target] = [tensor1d([0, 0, 1], "int32"), tensor1d([0, 1, 1], "int32")];
  expect(await recall(prediction, target, { average: "none" })).toEqual([1, 0.5]);
  expect(await recall(prediction, target)).toBe(0.75);
});

test("of two integers equally near the even one is taken", () => {
  expect([0.5, 1.5, 2.5, -0.5].map(roundHalfEven)).toEqual([0, 2, 2, 0]);
});

test("epochs are compared by the validation loss, or by the loss where there is none", () => {
  const epoch: FitEpoch = {
    kind: "epoch",
    epoch: 1,
    epochs: 1,
    step: 10,
    loss: 2,
    validation: undefined,
    seconds: 1,
  };
  expect(lowestLoss(epoch)).toBe(2);
  expect(lowestLoss({ ...epoch, validation: { loss: 3, metrics: {} } })).toBe(3);
});

test("a rule for one parameter becomes an optimizer: sign descent", () => {
  const signs = perParameter<{}>({
    init: () => ({}),
    update: (gradient, slot) => [mul(sign(gradient), -0.1), slot],
  });
  expect(signs.init({ weight: scalar(0) })).toEqual({ step: 0, slots: { weight: {} } });
  const [updates] = signs.update(
    { weight: scalar(7) },
    { step: 0, slots: { weight: {} } },
    { weight: scalar(0) },
  );
  expect(updates["weight"] ?? []).toBeAllclose(-0.1);
});

test("the batches of a stream, which is read again for each epoch", async () => {
  async function* numbers() {
    for (const x of [1, 2, 3]) yield Promise.resolve({ x: { data: Float32Array.of(x), shape: [1] } });
  }
  const stream = { [Symbol.asyncIterator]: numbers };
  const batches = new BatchStream<{ x: Tensor }>(stream, { size: 2 });
  const shapes: number[][] = [];
  for (let epoch = 0; epoch < 2; epoch++) for await (const { x } of batches) shapes.push(x.shape);
  expect(shapes).toEqual([
    [2, 1],
    [1, 1],
    [2, 1],
    [1, 1],
  ]);
});

test("a parameter that is drawn again later takes no time, and the generator continues as if it had been drawn", () => {
  for (const [skip, draw] of [
    [init.skipNormal(), init.normal()],
    [init.skipUniform(), init.uniform()],
  ] as const) {
    const [skipped, drawn] = [new Rng(0), new Rng(0)];
    expect(skip([32], skipped).data).toEqual(new Float32Array(32));
    draw([32], drawn);
    expect(skipped.rand([1]).data).toEqual(drawn.rand([1]).data);
  }
});

test("an op that other frameworks have is one node of a trace", () => {
  const x = tensor2d([[1, 2]]);
  const doubled = traceable("Doubled", { x }, {}, () => add(x, mul(x, 1)));
  expect(doubled).toBeAllclose([2, 4]);
});

test("a program writes to any log of TensorBoard", async () => {
  const report = (log: EventLog, loss: number) => log.addScalar("loss", loss, 1);
  const file = new EventFile();
  report(file, 0.5);
  expect((await file.toBlob()).size).toBeGreaterThan(40);
});
