import { softmax } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { take } from "../../stories/measures.ts";
import { nameReader } from "../../stories/nets/name-reader.ts";
import { percent } from "../../stories/on-ink.ts";
import { gates, options, type Options, program } from "../../stories/programs/gates.ts";
import source from "../../stories/programs/gates.ts?raw";
import { textLab } from "../../stories/text-lab.ts";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Inside the model/Gates over time",
  argTypes: { shown: choice(Object.keys(gates)), text: { table: { disable: true } } },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "After which letter does a recurrent model decide, and what state does it keep until then?",
        formula:
          "i, f, o = σ(W x + U h + b),  g = tanh(W x + U h + b),  c ← f c + i g,  h = o tanh(c)   (Hochreiter and Schmidhuber, 1997). The curve is the head's prediction from h after each letter.",
        caveats:
          "The head was trained on last states only: its prediction from earlier ones is an extrapolation. A bright cell need not matter; nothing here shows what would change if its state were another.",
        reader: nameReader,
        program: { run: program, source },
        options: args,
        report: async ({ name, line, kept }, { net, texts, tokens }) => {
          const uniform = Math.max(...(await take(tidy(() => softmax(net.forward(tokens))))));
          const sureFrom = line.findLastIndex((probability) => probability < 0.5) + 1;
          const mean = total(kept) / kept.length;
          return {
            facts: {
              name,
              kept: mean,
              difference: Math.abs(Number(line.at(-1)) - uniform),
              sureFrom,
              uniform,
            },
            answer:
              sureFrom < texts.length
                ? `From letter ${sureFrom + 1}, “${texts[sureFrom]}”, on, the probability of ${name} is above one half. On average the forget gate keeps ${percent(mean)} of the cell state from letter to letter.`
                : `No country reaches one half: ${name} has ${percent(uniform)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The letter after which the prediction is clear. */
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

/** The forget gate, from 0 to 1. */
export const ForgetGate: Story = {
  args: { shown: "f" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["kept"])).toBeGreaterThan(0);
    await expect(Number(facts["kept"])).toBeLessThan(1);
    await expect(leaked).toBe(0);
  },
};
