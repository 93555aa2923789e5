import { type Layer, logSoftmax } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { argMax, reshape, slice, type Tensor2D, tensor2d, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { take } from "../../stories/measures.ts";
import { characters } from "../../stories/nets/plays.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import { activationPatching } from "./activation-patching.ts";
import { heatmap } from "../draw/heatmap.ts";
import { visible } from "../draw/tokens.ts";
import type { Score } from "../score/score.ts";

interface Args {
  back: number;
  letter: string;
  text: string;
}

const meta: Meta<Args> = {
  title: "Inside the model/Activation patching",
  argTypes: { back: range(1, 10), letter: { control: "text" }, text: { table: { disable: true } } },
  args: { back: 1, letter: "t", text: "What is the q" },
  render: ({ back, letter, text }, { id }) =>
    textLab(
      {
        question: "Which layer and position carry the information for the prediction?",
        formula:
          "(score(corrupted, with this layer's output at this position from the clean text) − score(corrupted)) / (score(clean) − score(corrupted))   (Meng et al., 2022, section 2.1)",
        caveats:
          "A part that brings the answer back may be one of several that do; one that brings nothing back may be needed together with another. And where both texts score alike, the share has no meaning.",
        reader: gptReader,
        text,
        code: `import { type Layer, logSoftmax } from "@pellucid/core-train";
import { activationPatching } from "@pellucid/interpret";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import { argMax, reshape, slice, type Tensor1D, type Tensor2D, tensor2d, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { characters } from "./plays.ts";

const n = text.length;
const at = Math.max(0, n - ${back});
const read = (of: string) => tensor2d(characters.encode(of), [1, n], "int32");
const whole = read(text);
const corrupted = read(text.slice(0, at) + ${JSON.stringify(letter.slice(0, 1) || " ")} + text.slice(at + 1));
const next = (ids: Tensor2D): Tensor2D =>
  reshape(slice(net.forward(ids), [0, n - 1, 0], [1, 1, characters.size]), [1, characters.size]);
const [best = 0] = await argMax(next(whole), 1).data();
const score = (ids: Tensor2D): Tensor1D =>
  tidy(() => reshape(slice(logSoftmax(next(ids)), [0, best], [1, 1]), [1]));
const { drop, h } = net.transformer; // the first gives what the layers start from
const layers = [drop as Layer<Tensor3D, Tensor3D>, ...h];
const values = await readValues(activationPatching(score, layers, whole, corrupted)); // [layer, time]
const rowNames = layers.map((_, i) => (i === 0 ? "start" : \`layer \${i}\`));
const options = { columnNames: [...text], rowNames, width: 28 * n, signed: true, limit: 1 };
document.body.append(heatmap(values, { title: "How much of the answer comes back", ...options }));`,
        run: async ({ net, texts, tokens }) => {
          const n = texts.length;
          const at = Math.max(0, n - back);
          const size = characters.size;
          const corruptedTexts = texts.map((text, i) => (i === at ? letter.slice(0, 1) || " " : text));
          const corrupted = tensor2d(characters.encode(corruptedTexts.join("")), [1, n], "int32");
          const next = (ids: Tensor2D): Tensor2D =>
            reshape(slice(net.forward(ids), [0, n - 1, 0], [1, 1, size]), [1, size]);
          const [best] = await take(tidy(() => argMax(next(tokens), 1)));
          const score: Score<Tensor2D> = (ids) =>
            tidy(() => reshape(slice(logSoftmax(next(ids)), [0, best as number], [1, 1]), [1]));
          const [high] = await take(score(tokens));
          const [low] = await take(score(corrupted));
          const { drop, h } = net.transformer;
          const found = activationPatching(
            score,
            [drop as Layer<Tensor3D, Tensor3D>, ...h],
            tokens,
            corrupted,
          );
          const [layers] = found.shape;
          const data = await take(found);
          corrupted.dispose();
          const before = [...data].filter((_, i) => i % n < at);
          const after = Array.from(data.subarray(n + at, 2 * n));
          const top = data.subarray((layers - 1) * n);
          const percent = (log: number | undefined) => `${(100 * Math.exp(log as number)).toFixed(1)} %`;
          const goal = visible(characters.decode([best as number]));
          return {
            pictures: [
              heatmap(
                { data, shape: [layers, n] },
                {
                  title: "How much of the answer comes back",
                  columnNames: texts,
                  rowNames: Array.from({ length: layers }, (_, i) => (i === 0 ? "start" : `layer ${i}`)),
                  width: 28 * n,
                  signed: true,
                  limit: 1,
                },
              ),
            ],
            facts: {
              before: Math.max(0, ...before.map(Math.abs)),
              last: top[n - 1] as number,
              others: Math.max(0, ...[...top.subarray(0, n - 1)].map(Math.abs)),
              start: data[at] as number,
              lost: (high as number) - (low as number),
            },
            answer: `After “${visible(texts.join(""))}” the net expects “${goal}” with ${percent(high)}, after “${visible(corruptedTexts.join(""))}” with ${percent(low)}. At the start all of that is at the changed character; layer 1 leaves ${(100 * (after[0] as number)).toFixed(0)} % of it there.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Where is it kept that a “q” was read? At the q itself: the next letter is read off there. */
export const ChangedLetter: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["lost"])).toBeGreaterThan(1); // another letter follows a “t”
    await expect(facts["before"]).toBeLessThan(1e-3);
    await expect(Math.abs(Number(facts["start"]) - 1)).toBeLessThan(1e-3);
    await expect(Math.abs(Number(facts["last"]) - 1)).toBeLessThan(1e-3);
    await expect(leaked).toBe(0);
  },
};

/** And of a letter further back? It moves from its own position to the last one, where the answer is read. */
export const EarlierLetter: Story = {
  args: { back: 3, letter: "x", text: "I love thee wit" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["lost"])).toBeGreaterThan(1);
    await expect(facts["before"]).toBeLessThan(1e-3);
    await expect(Math.abs(Number(facts["start"]) - 1)).toBeLessThan(1e-3); // before any layer, all of it is at its own position
    await expect(Math.abs(Number(facts["last"]) - 1)).toBeLessThan(1e-3); // after the last layer all of it is at the end
    await expect(facts["others"]).toBeLessThan(1e-3);
    await expect(leaked).toBe(0);
  },
};
