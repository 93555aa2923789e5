import { visible } from "@pellucid/interpret/draw";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { characters } from "../../stories/nets/plays.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/activation-patching.ts";
import source from "../../stories/programs/activation-patching.ts?raw";
import { textLab } from "../../stories/text-lab.ts";

const meta: Meta<Options> = {
  title: "Inside the model/Activation patching",
  argTypes: { back: range(1, 10), letter: { control: "text" }, text: { table: { disable: true } } },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "Which layer and position carry the information for the prediction?",
        formula:
          "(score(corrupted, with this layer's output at this position from the clean text) − score(corrupted)) / (score(clean) − score(corrupted))   (Meng et al., 2022, section 2.1)",
        caveats:
          "A part that restores the score may be one of several that do; one that restores nothing may be needed together with another. Where both texts score alike, the share has no meaning.",
        reader: gptReader,
        program: { run: program, source },
        options: args,
        report: ({ restored, at, corruptedTexts, prediction, high, low }, { texts }) => {
          const n = texts.length;
          const largest = (shares: readonly number[]) => Math.max(0, ...shares.map(Math.abs));
          const last = restored.slice(-n);
          const probability = (log: number) => `${(100 * Math.exp(log)).toFixed(1)} %`;
          const quote = (of: string) => `“${visible(of)}”`;
          return {
            facts: {
              before: largest(restored.filter((_, i) => i % n < at)),
              last: Number(last[n - 1]),
              others: largest(last.slice(0, n - 1)),
              start: Number(restored[at]),
              lost: high - low,
            },
            answer: `After ${quote(texts.join(""))} the model predicts ${quote(characters.decode([prediction]))} with ${probability(high)}, after ${quote(corruptedTexts.join(""))} with ${probability(low)}. In the input all of that is at the corrupted character; after layer 1, ${percent(Number(restored[3 * n + at]))} of it is there, and ${percent(Number(restored[3 * n + n - 1]))} at the last character.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The next letter is predicted from the “q” itself. */
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

/** The information of an earlier letter moves from its own position to the last one, where the prediction is made. */
export const EarlierLetter: Story = {
  args: { back: 3, letter: "x", text: "I love thee wit" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["lost"])).toBeGreaterThan(1);
    await expect(facts["before"]).toBeLessThan(1e-3);
    await expect(Math.abs(Number(facts["start"]) - 1)).toBeLessThan(1e-3); // in the input all of it is at its own position
    await expect(Math.abs(Number(facts["last"]) - 1)).toBeLessThan(1e-3); // after the last layer all of it is at the last position
    await expect(facts["others"]).toBeLessThan(1e-3);
    await expect(leaked).toBe(0);
  },
};
