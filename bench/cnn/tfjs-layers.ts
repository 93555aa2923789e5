import "@tensorflow/tfjs-backend-wasm";
import { permute } from "@pellucid/core-train";
import * as tf from "@tensorflow/tfjs";
import type { Step } from "../contestant.ts";
import { batch, conv1, conv2, fc, images, labels, learningRate, momentum } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  tf.enableProdMode();
  await tf.setBackend(backend);
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ filters: 10, kernelSize: 5, inputShape: [28, 28, 1] }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.reLU());
  model.add(tf.layers.conv2d({ filters: 20, kernelSize: 5 }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.reLU());
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 10 }));
  const images2d = [conv1, conv2].flatMap(({ weight, bias }) => {
    const { data, shape } = permute(weight, [2, 3, 1, 0]);
    return [tf.tensor(data, [...shape]), tf.tensor1d(bias)];
  });
  // It flattens [height, width, channel].
  const rows = permute({ data: fc.weight.data, shape: [10, 20, 4, 4] }, [2, 3, 1, 0]);
  model.setWeights([...images2d, tf.tensor(rows.data, [320, 10]), tf.tensor1d(fc.bias)]);
  model.compile({
    optimizer: tf.train.momentum(learningRate, momentum),
    loss: (target, logits) => tf.losses.softmaxCrossEntropy(target, logits),
  });
  const x = tf.tensor4d(images, [batch, 28, 28, 1]);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), 10);
  return async () => (await model.trainOnBatch(x, y)) as number;
}
