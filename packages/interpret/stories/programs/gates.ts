import { softmax } from "@pellucid/core-train";
import { curves, heatmap, readValues } from "@pellucid/interpret/draw";
import { dispose, tensor2d, tidy, transpose } from "@tensorflow/tfjs-core";
import { countries } from "../nets/name-net.ts";
import { nameReader } from "../nets/name-reader.ts";

/** What can be drawn: the gates and states of an LSTM. */
export const gates = {
  h: "hidden state, o tanh(c)",
  c: "cell state",
  i: "input gate",
  f: "forget gate",
  g: "candidate",
  o: "output gate",
} as const;

export interface Options {
  readonly text: string;
  readonly shown: keyof typeof gates;
}

export const options: Options = { text: "Papadopoulos", shown: "c" };

export async function program({ text, shown }: Options) {
  const { net, encode } = await nameReader();
  const { texts, ids } = encode(text);
  const n = texts.length;
  const tokens = tensor2d(ids, [1, n], "int32");
  const [cells, forget, after] = tidy(() => {
    const [inside] = net.lstm.gatesAndStates(net.embedding.forward(tokens)); // of its one layer, each [1, letter, cell]
    if (inside === undefined) throw new RangeError("The LSTM has no layers.");
    return [transpose(inside[shown], [0, 2, 1]), inside.f.clone(), softmax(net.readAlong(tokens))] as const;
  });
  const [values, kept, predicted] = [
    await readValues(cells), //   [1, cell, letter]
    await readValues(forget), //  [1, letter, cell]
    await readValues(after), //   [letter, country]
  ];
  dispose([tokens, cells, forget, after]);
  const probabilities = countries.map((_, country) =>
    texts.map((__, letter) => Number(predicted.data[letter * countries.length + country])),
  );
  const byLast = Array.from(countries.keys()).toSorted(
    (a, b) => Number(probabilities[b]?.at(-1)) - Number(probabilities[a]?.at(-1)),
  );
  const best = byLast.slice(0, 3).map((i) => [String(countries[i]), probabilities[i] ?? []] as const);
  const title = `Prediction after each letter of ${texts.join("")}`;
  const axes = { xLabel: "letters read", yLabel: "probability", x: texts.map((_, i) => i + 1) };
  const pictures = [
    heatmap(
      { data: values.data, shape: values.shape.slice(1) },
      { title: `${gates[shown]}: cells by letters`, width: 24 * n, columnNames: texts, cellAspect: 4 },
    ),
    curves(Object.fromEntries(best), { title, ...axes }),
  ];
  const [[name, line] = ["", []]] = best;
  return { pictures, name, line, kept: Array.from(kept.data) };
}
