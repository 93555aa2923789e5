// From hours of study to the probability of passing: a line through a sigmoid, and binary cross-entropy.
import { useBackend } from "@pellucid/backends";
import {
  binaryCrossEntropy,
  Linear,
  Module,
  Optimizer,
  Rng,
  sgd,
  sigmoid,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { linspace, reshape, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** `sigmoid(w x + b)`. */
export class LogisticRegression extends Module {
  readonly linear = new Linear(1, 1, { rng: new Rng(0) });

  /**
   * @param x hours `[batch, 1]`
   * @returns the probability of passing `[batch, 1]`
   */
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => sigmoid(this.linear.forward(x)));
  }
}

/** What training gives. */
export interface Fit {
  readonly w: number;
  readonly b: number;
  readonly loss: number;
  /** The probability at 200 hours between 0 and 10. */
  readonly curve: readonly number[];
}

/** Fits three students: 1 and 2 hours failed, 3 hours passed. */
export async function main({ epochs = 1000 } = {}): Promise<Fit> {
  const x = tensor2d([[1], [2], [3]]);
  const y = tensor2d([[0], [0], [1]]);
  const model = new LogisticRegression();
  const optimizer = new Optimizer(sgd({ learningRate: 0.01 }), trainable(model));
  let loss = Number.NaN;
  for (let epoch = 0; epoch < epochs; epoch++) {
    loss = await trainStep(model, optimizer, () => binaryCrossEntropy(model.forward(x), y));
  }
  const curve = [...(await tidy(() => model.forward(reshape(linspace(0, 10, 200), [200, 1]))).data())];
  const { weight, bias } = model.linear;
  const [w = 0, b = 0] = [...(await weight.data()), ...((await bias?.data()) ?? [])];
  return { w, b, loss, curve };
}

if (import.meta.main) {
  await useBackend();
  const { w, b, loss, curve } = await main();
  for (let i = 0; i < 200; i += 10) {
    const probability = curve[i] as number;
    const hours = ((10 * i) / 199).toFixed(1).padStart(4);
    console.log(
      `${hours} h ${(100 * probability).toFixed(0).padStart(3)} % ${"▇".repeat(Math.round(50 * probability))}`,
    );
  }
  console.log(
    `w = ${w.toFixed(4)}, b = ${b.toFixed(4)}, loss ${loss.toFixed(4)}; even probabilities at ${(-b / w).toFixed(2)} hours`,
  );
}
