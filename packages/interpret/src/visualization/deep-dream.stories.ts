import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/deep-dream.ts";
import source from "../../stories/programs/deep-dream.ts?raw";

const meta: Meta<Options> = {
  title: "Feature visualization/DeepDream",
  argTypes: {
    ...chosenInStory,
    layer: choice(["first", "middle", "last"]),
    octaves: range(1, 4),
    steps: range(1, 30),
    stepSize: range(0.005, 0.1, 0.005),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What does the image become when a layer's activations are amplified?",
        formula:
          "x ← x + step · g / mean |g|,  g = ∂ mean(A²)/∂x, in octaves, with a random shift in each step   (Mordvintsev, Olah and Tyka, 2015)",
        caveats: "It amplifies: it shows what the layer can respond to, whether or not it was in the image.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ path, before, after }) => ({
          facts: { before, after },
          answer: `The mean square of ${path} rose from ${before.toFixed(3)} to ${after.toFixed(3)}.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** What does a shape become when a layer's activations are amplified? */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeGreaterThan(2 * Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};
