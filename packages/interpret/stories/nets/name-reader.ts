import { loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import { CharacterVocabulary } from "@pellucid/datasets";
import { tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { countries, NameNet } from "./name-net.ts";
import type { Reader } from "./reader.ts";

const ascii = CharacterVocabulary.ascii();
let loaded: Promise<Reader<NameNet>> | undefined;

/** The trained model of names, loaded once. */
export function nameReader(): Promise<Reader<NameNet>> {
  return (loaded ??= load());
}

async function load(): Promise<Reader<NameNet>> {
  const net = withoutInit(() => new NameNet({ rng: new Rng(0) }));
  const file = await fetch(new URL("./name-net.safetensors", import.meta.url).href);
  loadWeights(net, await file.arrayBuffer());
  return {
    net,
    encode: (text) => ({ texts: Array.from(text), ids: ascii.encode(text) }),
    says: async (tokens) => {
      const probabilities = await take(tidy(() => softmax(net.forward(tokens))));
      const best = probabilities.indexOf(Math.max(...probabilities));
      return `Prediction: ${countries[best]} (${(100 * (probabilities[best] ?? 0)).toFixed(1)}%).`;
    },
  };
}
