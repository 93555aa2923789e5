import { softmax } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { dispose, reshape, tidy, transpose } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice } from "../../stories/controls.ts";
import { take } from "../../stories/measures.ts";
import { countries } from "../../stories/nets/name-net.ts";
import { nameReader } from "../../stories/nets/name-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import { curves } from "../draw/curves.ts";
import { heatmap } from "../draw/heatmap.ts";

const shown = {
  h: "output, o tanh(c)",
  c: "what its cells hold",
  i: "how much is let in",
  f: "how much is kept",
  g: "what is new",
  o: "how much is shown",
} as const;

interface Args {
  shown: keyof typeof shown;
}

const meta: Meta<Args> = {
  title: "Inside the model/Gates over time",
  argTypes: { shown: choice(Object.keys(shown)) },
  args: { shown: "c" },
  render: ({ shown: gate }, { id }) =>
    textLab(
      {
        question:
          "After which letter does a recurrent model decide, and which state does it keep until then?",
        formula:
          "i, f, o = σ(W x + U h + b),  g = tanh(W x + U h + b),  c ← f c + i g,  h = o tanh(c)   (Hochreiter and Schmidhuber, 1997). The curve is what the head would say of h after each letter.",
        caveats:
          "The head was trained on last states only: what it says of earlier ones is an extrapolation. A cell that is bright need not matter; nothing here says what would change if it were another.",
        reader: nameReader,
        text: "Papadopoulos",
        code: `import { CharacterVocabulary } from "@pellucid/datasets";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import { tensor2d, transpose } from "@tensorflow/tfjs-core";

const ids = tensor2d(CharacterVocabulary.ascii().encode(text), [1, text.length], "int32");
const [inside] = net.lstm.gatesAndStates(net.embedding.forward(ids)); // of its one layer
const { data } = await readValues(transpose(inside!.${gate}, [0, 2, 1])); // [1, cell, letter]
const options = { width: 24 * text.length, columnNames: [...text], cellAspect: 4 };
const title = "${shown[gate]}: cells by letters";
document.body.append(heatmap({ data, shape: [64, text.length] }, { title, ...options }));`,
        run: async ({ net, texts, tokens }) => {
          const [inside] = tidy(() => net.lstm.gatesAndStates(net.embedding.forward(tokens)));
          const seen = inside as NonNullable<typeof inside>;
          const values = await take(tidy(() => transpose(seen[gate], [0, 2, 1])));
          const kept = Float32Array.from(await seen.f.data());
          dispose({ ...seen });
          const probabilities = await take(tidy(() => softmax(net.readAlong(tokens))));
          const last = await take(tidy(() => reshape(softmax(net.forward(tokens)), [-1])));
          const order = [...last.keys()].toSorted((a, b) => (last[b] as number) - (last[a] as number));
          const of = (country: number) =>
            texts.map((_, letter) => probabilities[letter * countries.length + country] as number);
          const [first] = order as [number];
          const line = of(first);
          const sureFrom = line.findLastIndex((probability) => probability < 0.5) + 1;
          const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
          const name = countries[first] as string;
          const units = values.length / texts.length;
          return {
            pictures: [
              heatmap(
                { data: values, shape: [units, texts.length] },
                {
                  title: `${shown[gate]}: cells by letters`,
                  width: 24 * texts.length,
                  columnNames: texts,
                  cellAspect: 4,
                },
              ),
              curves(
                Object.fromEntries(
                  order.slice(0, 3).map((country) => [countries[country] as string, of(country)]),
                ),
                {
                  title: `What it would say after each letter of ${texts.join("")}`,
                  xLabel: "letters read",
                  yLabel: "probability",
                  x: texts.map((_, i) => i + 1),
                },
              ),
            ],
            facts: {
              name,
              kept: mean,
              difference: Math.abs((line.at(-1) as number) - (last[first] as number)),
              sureFrom,
              uniform: last[first] as number,
            },
            answer:
              sureFrom < texts.length
                ? `From letter ${sureFrom + 1}, “${texts[sureFrom]}”, on it finds ${name} more likely than all others together. Of what its cells hold it keeps ${(100 * mean).toFixed(0)} % from letter to letter.`
                : `It is never sure: ${name} has ${(100 * (last[first] as number)).toFixed(0)} %.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** After which letter does it make up its mind? */
export const Prediction: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["name"]).toBe("Greek");
    await expect(Number(facts["sureFrom"])).toBeGreaterThan(0);
    await expect(Number(facts["sureFrom"])).toBeLessThan(12);
    await expect(facts["difference"]).toBeLessThan(1e-4); // the state after the last letter is the last state
    await expect(leaked).toBe(0);
  },
};

/** How much does it keep from letter to letter? Gates are shares, from 0 to 1. */
export const ForgetGate: Story = {
  args: { shown: "f" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["kept"])).toBeGreaterThan(0);
    await expect(Number(facts["kept"])).toBeLessThan(1);
    await expect(leaked).toBe(0);
  },
};
