import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import type { Step } from "../contestant.ts";
import { batch, images, labels, layers, learningRate } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  tf.enableProdMode();
  await tf.setBackend(backend);
  const model = tf.sequential();
  for (const [i, { inputs, outputs }] of layers.entries()) {
    const activation = i < layers.length - 1 ? "relu" : "linear";
    model.add(tf.layers.dense({ units: outputs, inputShape: [inputs], activation }));
  }
  model.setWeights(
    layers.flatMap(({ inputs, outputs, weight, bias }) => [
      tf.tensor2d(weight, [inputs, outputs]),
      tf.tensor1d(bias),
    ]),
  );
  model.compile({
    optimizer: tf.train.adam(learningRate, 0.9, 0.999, 1e-8),
    loss: (target, logits) => tf.losses.softmaxCrossEntropy(target, logits),
  });
  const x = tf.tensor2d(images, [batch, 784]);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), 10);
  return async () => (await model.trainOnBatch(x, y)) as number;
}
