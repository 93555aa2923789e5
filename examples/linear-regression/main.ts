// A line through three points: one Linear layer, the mean squared error, plain gradient descent.
import { useBackend } from "@pellucid/backends";
import {
  type Initializer,
  Linear,
  mseLoss,
  Optimizer,
  Rng,
  sgd,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";

/** What training gives. */
export interface Line {
  readonly w: number;
  readonly b: number;
  readonly loss: number;
  /** What the line says at x = 4. */
  readonly at4: number;
}

/** Fits `y = w x + b` to (1, 2), (2, 4), (3, 6). */
export async function main({
  epochs = 1000,
  init,
}: { epochs?: number; init?: Initializer } = {}): Promise<Line> {
  const x = tensor2d([[1], [2], [3]]);
  const y = tensor2d([[2], [4], [6]]);
  const model = new Linear(1, 1, { rng: new Rng(0), ...(init && { init }) });
  const optimizer = new Optimizer(sgd({ learningRate: 0.01 }), trainable(model));
  let loss = Number.NaN;
  for (let epoch = 0; epoch < epochs; epoch++) {
    loss = await trainStep(model, optimizer, () => mseLoss(model.forward(x), y));
  }
  const read = [model.weight, model.bias, model.forward(tensor2d([[4]]))].map(
    async (t) => (await t?.data())?.[0] ?? 0,
  );
  const [w = 0, b = 0, at4 = 0] = await Promise.all(read);
  return { w, b, loss, at4 };
}

if (import.meta.main) {
  await useBackend();
  const { w, b, loss, at4 } = await main();
  console.log(
    `w = ${w.toFixed(4)}, b = ${b.toFixed(4)}, loss ${loss.toExponential(2)}, and y(4) = ${at4.toFixed(3)}`,
  );
}
