// Whether diabetes progresses more than usual within a year, from ten measurements: a perceptron of sigmoids for two classes.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  binaryCrossEntropy,
  Linear,
  type Module,
  Optimizer,
  Rng,
  Sequential,
  sgd,
  Sigmoid,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { diabetes, type Table } from "@pellucid/datasets";
import { dispose, tensor2d } from "@tensorflow/tfjs-core";

/** The median of the training targets, which are from 25 to 346: what is above it is class 1. */
const median = 142;

/** Features of size 1, `[row, 10]`, and labels of 0 and 1, `[row, 1]`. */
function prepare({ features, targets, length }: Table<Float32Array>) {
  return {
    x: tensor2d(
      features.data.map((value) => 20 * value),
      [length, 10],
    ),
    y: tensor2d(
      targets.data.map((value) => (value > median ? 1 : 0)),
      [length, 1],
    ),
  };
}

/** 10–6–4–1, a sigmoid after each layer. */
export function perceptron(rng: Rng) {
  return new Sequential(
    new Linear(10, 6, { rng }),
    new Sigmoid(),
    new Linear(6, 4, { rng }),
    new Sigmoid(),
    new Linear(4, 1, { rng }),
    new Sigmoid(),
  );
}

/** How the weights are changed: as in the course, by gradient descent with a rate of 0.01, or by Adam with 0.05. */
export const recipes = {
  course: (model: Module) => new Optimizer(sgd({ learningRate: 0.01 }), trainable(model)),
  adam: (model: Module) => new Optimizer(adam({ learningRate: 0.05 }), trainable(model)),
};

/** Trains on all 353 patients at once, and counts which of the other 89 are classified right. */
export async function main({ epochs = 100, seed = 0, recipe = "adam" as keyof typeof recipes } = {}) {
  const data = await diabetes();
  const [train, test] = [prepare(data.train), prepare(data.test)];
  const model = perceptron(new Rng(seed));
  const optimizer = recipes[recipe](model);
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++)
    losses.push(await trainStep(model, optimizer, () => binaryCrossEntropy(model.forward(train.x), train.y)));
  const probabilities = model.forward(test.x);
  const [found, wanted] = [await probabilities.data(), await test.y.data()];
  const right = found.filter((probability, i) => (probability > 0.5 ? 1 : 0) === wanted[i]).length;
  dispose([train.x, train.y, test.x, test.y, probabilities]);
  optimizer.dispose();
  model.dispose();
  return { losses, accuracy: right / wanted.length };
}

if (import.meta.main) {
  await useBackend();
  for (const recipe of ["course", "adam"] as const) {
    const { losses, accuracy } = await main({ recipe });
    const [first, last] = [losses[0] as number, losses.at(-1) as number];
    console.log(
      `${recipe}: loss ${first.toFixed(3)} to ${last.toFixed(3)}, ${(100 * accuracy).toFixed(1)} % of 89 patients right`,
    );
  }
}
