// A convolutional network whose weights are distributions: it reads the digits, and is uncertain about noise.
import { useBackend } from "@pellucid/backends";
import {
  BayesianConv2d,
  BayesianLinear,
  elboLoss,
  klOf,
  predictiveUncertainty,
  reliability,
  samplePredictions,
} from "@pellucid/bayesian";
import {
  adam,
  batches,
  crossEntropy,
  Flatten,
  MaxPool2d,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { mean, type Tensor3D, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Trains the network; what it then says about unseen digits, and about images of noise. */
export async function main({
  epochs = 30,
  seed = 0,
  report = ((line) => line) as (line: string) => void,
} = {}) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const model = new Sequential(
    new BayesianConv2d(1, 16, 3, { rng, padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new BayesianConv2d(16, 32, 3, { rng, padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new BayesianLinear(128, 10, { rng }),
  );
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(model));
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let last = NaN;
    for await (const { x, y } of data)
      last = await trainStep(model, optimizer, () =>
        elboLoss(crossEntropy(model.forward(x), y), klOf(model), { datasetSize: train.length, beta: 0.1 }),
      );
    if (epoch % 5 === 0)
      report(`epoch ${epoch}: the negative evidence bound of an example is ${last.toFixed(2)} nats`);
  }
  optimizer.dispose();

  /** The labels and confidences of 30 sets of weights, and the mean entropy. */
  const ask = (x: Tensor4D) =>
    tidy(() => {
      const { probabilities, predictiveEntropy } = predictiveUncertainty(
        samplePredictions(model, x, 30) as Tensor3D,
      );
      const rows = probabilities.arraySync();
      const confidences = rows.map((row) => Math.max(...row));
      const labels = rows.map((row, i) => row.indexOf(confidences[i] as number));
      return { labels, confidences, entropy: mean(predictiveEntropy).dataSync()[0] as number };
    });
  const result = { accuracy: 0, ece: 0, entropy: 0, entropyOfNoise: 0 };
  for await (const { x, y } of batches(toFloatImages(test), { size: test.length })) {
    const { labels, confidences, entropy } = ask(x);
    const truth = await y.data();
    const correct = labels.map((label, i) => label === truth[i]);
    result.accuracy = correct.filter(Boolean).length / correct.length;
    result.ece = reliability(confidences, correct).ece;
    result.entropy = entropy;
  }
  const noise = tensor4d(rng.rand([450, 8, 8, 1]).data, [450, 8, 8, 1]);
  result.entropyOfNoise = ask(noise).entropy;
  noise.dispose();
  model.dispose();
  return result;
}

if (import.meta.main) {
  await useBackend();
  const { accuracy, ece, entropy, entropyOfNoise } = await main({ report: console.log });
  console.log(
    `${(100 * accuracy).toFixed(1)} % of 450 unseen digits are right, with a calibration error of ${ece.toFixed(3)}`,
  );
  console.log(`entropy: ${entropy.toFixed(2)} nats for digits, ${entropyOfNoise.toFixed(2)} for noise`);
}
