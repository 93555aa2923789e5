import { softmax } from "@pellucid/core-train";
import { logitLens } from "@pellucid/interpret";
import { heatmap, readValues, visible } from "@pellucid/interpret/draw";
import { dispose, tensor2d, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { characters } from "../nets/plays.ts";
import { gptReader } from "../nets/plays-reader.ts";

export interface Options {
  readonly text: string;
}

export const options: Options = { text: "I will not speak to the king" };

export async function program({ text }: Options) {
  const { net, encode } = await gptReader();
  const { texts, ids } = encode(text);
  const n = texts.length;
  const tokens = tensor2d(ids, [1, n], "int32");
  const { h, lnF } = net.transformer;
  const head = (x: Tensor3D) => net.logits(lnF.forward(x));
  const probabilities = tidy(
    () => logitLens(h, head, () => net.forward(tokens)).map((logits) => softmax(logits)), // each [1, n, character]
  );
  const layers: Readonly<{ predictions: Prediction[]; data: ArrayLike<number> }>[] = [];
  for (const each of probabilities) {
    const { data } = await readValues(each);
    layers.push({ predictions: texts.map((_, i) => predictionAt(data, i)), data });
  }
  dispose([tokens, probabilities]);
  const pictures = layers.map(({ predictions }, layer) =>
    heatmap(
      { data: predictions.map(({ probability }) => probability), shape: [1, n] },
      {
        title: `After layer ${layer + 1}: character read → most likely next, and its probability`,
        columnNames: texts.map((read, i) => `${visible(read)}→${visible(String(predictions[i]?.character))}`),
        limit: 1,
        signed: false,
        width: 32 * n,
      },
    ),
  );
  return { pictures, layers };
}

interface Prediction {
  readonly character: string;
  readonly probability: number;
}

/** The most likely character after the one at `position`. */
function predictionAt(probabilities: ArrayLike<number>, position: number): Prediction {
  const [from, to] = [position * characters.size, (position + 1) * characters.size];
  const row = Array.from(probabilities).slice(from, to);
  const probability = Math.max(...row);
  return { character: characters.decode([row.indexOf(probability)]), probability };
}
