import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/confusion-matrix.ts";
import source from "../../stories/programs/confusion-matrix.ts?raw";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Training/Confusion matrix",
  argTypes: { count: range(50, 300, 50), net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which classes does the model confuse?",
        formula: "how many images of each class (rows) are predicted as each class (columns)",
        caveats:
          "Counts hide how confident the model was. With few images of a class, its row is mostly chance.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ counts, wrong }) => {
          const right = 1 - wrong.length / args.count;
          return {
            facts: { right, sum: total(counts), wrong: wrong.length },
            answer: `The accuracy on ${args.count} unseen images is ${(100 * right).toFixed(1)}%: ${wrong.length === 0 ? "none" : wrong.length} of them ${wrong.length === 1 ? "is" : "are"} misclassified.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Digits. */
export const OfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["right"]).toBeGreaterThan(0.95);
    await expect(facts["sum"]).toBe(300);
    await expect(leaked).toBe(0);
  },
};

/** Shapes in color. */
export const OfShapes: Story = { ...OfDigits, args: { net: "shapes" } };
