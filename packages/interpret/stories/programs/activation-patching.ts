import { type Layer, logSoftmax } from "@pellucid/core-train";
import { activationPatching, type Score } from "@pellucid/interpret";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import {
  argMax,
  dispose,
  reshape,
  slice,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { characters } from "../nets/plays.ts";
import { gptReader } from "../nets/plays-reader.ts";

export interface Options {
  readonly text: string;
  /** Which character is corrupted, counted from the end, from 1. */
  readonly back: number;
  /** What it becomes. */
  readonly letter: string;
}

export const options: Options = { text: "What is the q", back: 1, letter: "t" };

export async function program({ text, back, letter }: Options) {
  const { net, encode } = await gptReader();
  const { texts } = encode(text);
  const n = texts.length;
  const at = Math.max(0, n - back);
  const corruptedTexts = texts.map((character, i) => (i === at ? letter.slice(0, 1) || " " : character));
  const read = (of: readonly string[]) => tensor2d(characters.encode(of.join("")), [1, n], "int32");
  const [clean, corrupted] = [read(texts), read(corruptedTexts)];
  const next = (ids: Tensor2D): Tensor2D =>
    reshape(slice(net.forward(ids), [0, n - 1, 0], [1, 1, characters.size]), [1, characters.size]);
  const predicted = tidy(() => argMax(next(clean), 1));
  const [prediction = 0] = await predicted.data();
  const score: Score<Tensor2D> = (ids) =>
    tidy(() => reshape(slice(logSoftmax(next(ids)), [0, prediction], [1, 1]), [1]));
  const { drop, h } = net.transformer;
  type Site = [name: string, layer: Layer<never, Tensor3D>];
  const sites: Site[] = [
    ["input", drop as Layer<never, Tensor3D>],
    ...h.flatMap((block, i): Site[] => [
      [`attention ${i + 1}`, block.attn],
      [`MLP ${i + 1}`, block.mlp.cProj],
      [`after layer ${i + 1}`, block],
    ]),
  ];
  const layers = sites.map(([, layer]) => layer);
  const restored = activationPatching(score, layers, clean, corrupted); // [layer, position]
  const scores = [score(clean), score(corrupted)];
  const values = await readValues(restored);
  const [high = NaN, low = NaN] = await Promise.all(scores.map(async (one) => (await one.data())[0]));
  dispose([clean, corrupted, predicted, restored, ...scores]);
  const drawn = heatmap(values, {
    title: "Share of the score that is restored",
    columnNames: texts,
    rowNames: sites.map(([name]) => name),
    width: 28 * n,
    signed: true,
    limit: 1,
  });
  return { pictures: [drawn], restored: Array.from(values.data), at, corruptedTexts, prediction, high, low };
}
