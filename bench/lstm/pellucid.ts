import { type BackendName, useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { RecurrentLm } from "@pellucid/rnn";
import { dispose, tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { head, hidden, layers, tokens, vocabulary, width } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const size = { vocabSize: vocabulary, embeddingDim: width, hiddenSize: hidden, numLayers: layers.length };
  const model = new RecurrentLm({ rng: new Rng(0), ...size });
  const given = new Map<string, Float32Array>([
    ["encoder.weight", tokens],
    ["decoder.weight", head],
    ...layers.flatMap(({ input, state }, i): [string, Float32Array][] => [
      [`rnn.directions.${i}.weightIh`, input],
      [`rnn.directions.${i}.weightHh`, state],
    ]),
  ]);
  tidy(() => {
    for (const [path, parameter] of model.namedParameters()) {
      const values = given.get(path) ?? new Float32Array(parameter.size); // biases
      parameter.assign(tensor(values, parameter.shape));
    }
  });
  let [token, state] = [0, model.initialState(1)];
  return async () => {
    const before = state;
    const after = tidy(() => model.step(tensor2d([token], [1, 1], "int32"), before));
    dispose({ ...before });
    state = after.state;
    const logits = await after.output.data();
    after.output.dispose();
    token = mostLikely(logits);
    return logits[token] ?? Number.NaN;
  };
}
