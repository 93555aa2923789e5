import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { head, hidden, layers, tokens, vocabulary, width } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  tf.enableProdMode();
  await tf.setBackend(backend);
  const model = tf.sequential();
  model.add(tf.layers.embedding({ inputDim: vocabulary, outputDim: width, batchInputShape: [1, 1] }));
  for (const [i] of layers.entries()) {
    model.add(
      tf.layers.lstm({
        units: hidden,
        recurrentActivation: "sigmoid",
        recurrentInitializer: "zeros", // orthogonal ones take minutes
        unitForgetBias: false,
        returnSequences: i < layers.length - 1,
        stateful: true,
      }),
    );
  }
  model.add(tf.layers.dense({ units: vocabulary, useBias: false }));
  model.setWeights([
    tf.tensor2d(tokens, [vocabulary, width]),
    ...layers.flatMap(({ inputs, input, state }) => [
      tf.tensor2d(input, [inputs, 4 * hidden]),
      tf.tensor2d(state, [hidden, 4 * hidden]),
      tf.zeros([4 * hidden]),
    ]),
    tf.tensor2d(head, [hidden, vocabulary]),
  ]);
  let token = 0;
  return async () => {
    const logits = tf.tidy(() => model.predict(tf.tensor2d([token], [1, 1])) as tf.Tensor2D);
    const values = await logits.data();
    logits.dispose();
    token = mostLikely(values);
    return values[token] ?? Number.NaN;
  };
}
