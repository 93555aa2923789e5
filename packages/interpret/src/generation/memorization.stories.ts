import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/memorization.ts";
import source from "../../stories/programs/memorization.ts?raw";

const meta: Meta<Options> = {
  title: "Generation/Memorization",
  argTypes: { samples: range(20, 200, 20), steps: range(10, 100, 10), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does the model copy what it was trained on?",
        formula:
          "ratio = distance of a sample from its nearest training example / distance of that example from its own nearest one",
        caveats:
          "Distances are between pixels: a copy that is shifted, or of other brightness, is not found. No ratio proves that nothing is memorized; ratios far below those of unseen digits prove that something is.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ median, unseenMedian, lowest }) => {
          const passed = median > 0.75 * unseenMedian;
          return {
            facts: { median, unseenMedian, lowest },
            answer: `Half of the samples have a ratio above ${median.toFixed(2)}; half of the unseen real digits one above ${unseenMedian.toFixed(2)}. The lowest ratio of a sample is ${lowest.toFixed(2)}.`,
            verdict: {
              passed,
              says: passed
                ? "Samples are about as far from the training digits as unseen digits are."
                : "Samples are closer to the training digits than unseen digits are.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Samples next to their nearest training digits. */
export const NearestDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["median"]).toBeGreaterThan(0.6 * Number(facts["unseenMedian"]));
    await expect(facts["lowest"]).toBeGreaterThan(0.1);
    await expect(leaked).toBe(0);
  },
};
