import { type Layer, loadWeights, type Module, Rng, softmax, withoutInit } from "@pellucid/core-train";
import type { MambaLm } from "@pellucid/mamba";
import type { Gpt } from "@pellucid/transformer";
import { reshape, slice, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { visible } from "@pellucid/interpret/draw";
import { take } from "../measures.ts";
import { characters, playsGpt, playsMamba } from "./plays.ts";
import type { Reader } from "./reader.ts";

let gpt: Promise<Reader<Gpt>> | undefined;
let mamba: Promise<Reader<MambaLm>> | undefined;

/** The GPT trained on plays, loaded once. */
export function gptReader(): Promise<Reader<Gpt>> {
  const address = new URL("./plays-gpt.safetensors", import.meta.url).href;
  return (gpt ??= load(() => playsGpt(new Rng(0)), address));
}

/** The Mamba trained on plays, loaded once. */
export function mambaReader(): Promise<Reader<MambaLm>> {
  const address = new URL("./plays-mamba.safetensors", import.meta.url).href;
  return (mamba ??= load(() => playsMamba(new Rng(0)), address));
}

async function load<Net extends Module & Layer<Tensor2D, Tensor3D>>(
  build: () => Net,
  address: string,
): Promise<Reader<Net>> {
  const net = withoutInit(build);
  const file = await fetch(address);
  loadWeights(net, await file.arrayBuffer());
  return {
    net,
    encode: (text) => ({ texts: Array.from(text), ids: characters.encode(text) }),
    says: async (tokens) => {
      const probabilities = await take(
        tidy(() => {
          const [, time] = tokens.shape;
          const last = slice(net.forward(tokens), [0, time - 1, 0], [1, 1, characters.size]);
          return softmax(reshape(last, [1, characters.size]));
        }),
      );
      const best = probabilities.indexOf(Math.max(...probabilities));
      const next = visible(characters.decode([best]));
      return `Prediction: “${next}” (${(100 * (probabilities[best] ?? 0)).toFixed(0)}%).`;
    },
  };
}
