import { type BackendName, useBackend } from "@pellucid/backends";
import { compile, Rng } from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import { dispose, tensor, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { blocks, tokens, vocabulary, weights, width } from "./work.ts";

/** @param backend also with `compiled` after it */
export async function prepare(backend: string): Promise<Step> {
  const [name, way] = backend.split(" ");
  await useBackend({ only: name as BackendName });
  const model = new MambaLm({ rng: new Rng(0), vocabSize: vocabulary, dModel: width, nLayer: blocks });
  const given = new Map<string, Float32Array>([["backbone.embedding.weight", tokens]]);
  for (const [i, block] of weights.entries())
    for (const [path, values] of Object.entries(block))
      given.set(`backbone.layers.${i}.mixer.${path}`, values);
  tidy(() => {
    for (const [path, parameter] of model.namedParameters()) {
      const values = given.get(path);
      if (values !== undefined) parameter.assign(tensor(values, parameter.shape));
    }
  });
  let [token, state] = [0, model.initialState(1)];
  const read = (tokens: Tensor2D, before: typeof state) => tidy(() => model.step(tokens, before));
  const compiled = way === "compiled" ? compile(read) : null;
  await compiled?.ready;
  return async () => {
    const before = state;
    const after = tidy(() => (compiled ?? read)(tensor2d([token], [1, 1], "int32"), before));
    dispose(before);
    state = after.state;
    const logits = await after.output.data();
    after.output.dispose();
    token = mostLikely(logits);
    return logits[token] ?? Number.NaN;
  };
}
