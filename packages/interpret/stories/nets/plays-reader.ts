import { loadWeights, Rng, softmax } from "@pellucid/core-train";
import type { Gpt } from "@pellucid/transformer";
import { reshape, slice, tidy } from "@tensorflow/tfjs-core";
import { visible } from "../../src/draw/tokens.ts";
import { take } from "../measures.ts";
import { characters, playsGpt } from "./plays-gpt.ts";
import type { Reader } from "./reader.ts";

let loaded: Promise<Reader<Gpt>> | undefined;

/** The GPT that has read plays, loaded once. */
export function playsReader(): Promise<Reader<Gpt>> {
  return (loaded ??= load());
}

async function load(): Promise<Reader<Gpt>> {
  const net = playsGpt(new Rng(0));
  const file = await fetch(new URL("./plays-gpt.safetensors", import.meta.url).href);
  loadWeights(net, await file.arrayBuffer());
  return {
    net,
    encode: (text) => ({ texts: Array.from(text), ids: characters.encode(text) }),
    says: async (tokens) => {
      const chances = await take(
        tidy(() => {
          const [, time] = tokens.shape;
          const last = slice(net.forward(tokens), [0, time - 1, 0], [1, 1, characters.size]);
          return softmax(reshape(last, [1, characters.size]));
        }),
      );
      const best = chances.indexOf(Math.max(...chances));
      const next = visible(characters.decode([best]));
      return `The net goes on with “${next}” with ${(100 * (chances[best] as number)).toFixed(0)} %.`;
    },
    code: `import { loadWeights, Rng } from "@pellucid/core-train";
import { characters, playsGpt } from "./plays-gpt.ts";

const net = playsGpt(new Rng(0));
loadWeights(net, await (await fetch("plays-gpt.safetensors")).arrayBuffer());`,
  };
}
