import { softmax } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf } from "../../stories/frame.ts";
import { take } from "../../stories/measures.ts";
import { characters } from "../../stories/nets/plays.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/logit-lens.ts";
import source from "../../stories/programs/logit-lens.ts?raw";
import { textLab } from "../../stories/text-lab.ts";

const meta: Meta<Options> = {
  title: "Inside the model/Logit lens",
  argTypes: { text: { table: { disable: true } } },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "What would the model predict if it ended after each of its layers?",
        formula:
          "logits after layer l = head(norm(xₗ)), with the model's own last norm and head   (nostalgebraist, 2020)",
        caveats:
          "The head was trained on the output of the last layer. A prediction that is missing in an earlier layer may be there in another form; a right one may be changed later.",
        reader: gptReader,
        program: { run: program, source },
        options: args,
        report: async ({ layers }, { net, texts, tokens }) => {
          const n = texts.length;
          const ids = await tokens.data();
          const own = await take(tidy(() => softmax(net.forward(tokens))));
          const [first, last] = [layers[0], layers.at(-1)];
          const predictedAt = (layer: typeof first, at: number) => layer?.predictions[at]?.character;
          const kept = texts.filter((_, at) => predictedAt(first, at) === predictedAt(last, at)).length;
          const offBy = Math.max(...own.map((value, i) => Math.abs(value - Number(last?.data[i]))));
          /** The mean probability of the character that follows. */
          const actual = (layer: typeof first) => {
            let sum = 0;
            for (let at = 0; at + 1 < n; at++)
              sum += Number(layer?.data[at * characters.size + Number(ids[at + 1])]);
            return sum / (n - 1);
          };
          return {
            facts: { offBy, first: actual(first), last: actual(last), kept: kept / n },
            answer: `The mean probability of the character that follows is ${percent(actual(first))} after the first layer, ${percent(actual(last))} after the last; ${kept} of ${n} predictions are the same after both.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** After the last layer, the lens gives the model's own prediction. */
export const AfterEachLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["offBy"]).toBeLessThan(1e-5);
    await expect(Number(facts["last"])).toBeGreaterThan(Number(facts["first"]));
    await expect(leaked).toBe(0);
  },
};
