import {
  classScore,
  inputXGradient,
  integratedGradients,
  saliency,
  tokenAttribution,
} from "@pellucid/interpret";
import type { Attribution, Score } from "@pellucid/interpret";
import { readValues, tokens as drawTokens } from "@pellucid/interpret/draw";
import { dispose, type Tensor2D, tensor2d, type Tensor3D } from "@tensorflow/tfjs-core";
import { countries } from "../nets/name-net.ts";
import { nameReader } from "../nets/name-reader.ts";
import type { Run } from "./run.ts";

export interface Options {
  readonly text: string;
  readonly method: "integratedGradients" | "inputXGradient" | "saliency";
  /** Of the integration. */
  readonly steps: number;
}

export const options: Options = { text: "Yamamoto", method: "integratedGradients", steps: 64 };

export async function program({ text, method, steps }: Options, run: Run = {}) {
  const methods = {
    integratedGradients: (score: Score<Tensor3D>) => integratedGradients(score, { ...run, steps }),
    inputXGradient,
    saliency,
  };
  const explain: (score: Score<Tensor3D>) => Attribution<Tensor3D> = methods[method];
  const { net, encode } = await nameReader();
  const { texts, ids } = encode(text);
  const tokens = tensor2d(ids, [1, ids.length], "int32");
  const logits = net.forward(tokens);
  try {
    const values = await logits.data();
    const target = values.indexOf(Math.max(...values));
    const score = classScore<Tensor2D>(net, target);
    const map = await tokenAttribution(score, net.embedding, explain)(tokens); // [1, token]
    const { data } = await readValues(map);
    map.dispose();
    const contributions = Array.from(data);
    const marked = contributions.indexOf(Math.max(...contributions));
    const title = `Contribution of each letter to ${countries[target]}`;
    const drawn = { data: contributions, shape: [texts.length] };
    return {
      pictures: [drawTokens(texts, drawn, { title, signed: true, marked })],
      contributions,
      marked,
      target,
      logit: Number(values[target]),
    };
  } finally {
    dispose([tokens, logits]);
  }
}
