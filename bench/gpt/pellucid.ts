import { type BackendName, useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { Gpt } from "@pellucid/transformer";
import { dispose, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { mostLikely } from "../most-likely.ts";
import { blocks, context, heads, layers, positions, tokens, vocabulary, width } from "./work.ts";

export async function prepare(backend: string): Promise<Step> {
  await useBackend({ only: backend as BackendName });
  const size = { vocabSize: vocabulary, blockSize: context, nLayer: layers, nHead: heads, nEmbd: width };
  const model = new Gpt({ rng: new Rng(0), ...size });
  tidy(() => {
    const { wte, wpe, h } = model.transformer;
    wte.weight.assign(tensor2d(tokens, [vocabulary, width]));
    wpe.weight.assign(tensor2d(positions, [context, width]));
    for (const [i, { attention, projection, wide, narrow }] of blocks.entries()) {
      const { attn, mlp } = h[i] as (typeof h)[number];
      attn.cAttn.weight.assign(tensor2d(attention, [width, 3 * width]));
      attn.cProj.weight.assign(tensor2d(projection, [width, width]));
      mlp.cFc.weight.assign(tensor2d(wide, [width, 4 * width]));
      mlp.cProj.weight.assign(tensor2d(narrow, [4 * width, width]));
    }
  });
  let [token, position, state] = [0, 0, model.initialState(1)];
  return async () => {
    if (position === context) {
      dispose(state);
      [position, state] = [0, model.initialState(1)];
    }
    const before = state;
    const after = tidy(() => model.step(tensor2d([token], [1, 1], "int32"), before));
    dispose(before);
    state = after.state;
    position++;
    const logits = await after.output.data();
    after.output.dispose();
    token = mostLikely(logits);
    return logits[token] ?? Number.NaN;
  };
}
