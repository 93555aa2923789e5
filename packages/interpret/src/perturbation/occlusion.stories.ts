import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { sayShares, uniformShare, shareOnInk } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/occlusion.ts";
import source from "../../stories/programs/occlusion.ts?raw";

const meta: Meta<Options> = {
  title: "Attribution/Occlusion",
  argTypes: {
    ...chosenInStory,
    window: range(1, 12),
    stride: range(1, 4),
    baseline: range(0, 1, 0.1),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which regions lower the score when they are hidden?",
        formula:
          "score(x) − score(x with a window hidden), averaged over the windows that cover a pixel   (Zeiler and Fergus, 2014, section 4.2)",
        caveats:
          "An image with a hidden window is unlike the training data, and hiding what is black with black changes nothing. Two parts with the same evidence both look unimportant, since hiding one leaves the other.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ map }, { subject, pixels }) => {
          const share = shareOnInk(map, subject, pixels);
          const most = Math.max(...Array.from(map.data));
          return {
            facts: { share, most, uniform: uniformShare(subject, pixels) },
            answer: `The score drops by up to ${most.toFixed(1)}. ${sayShares(share, subject, pixels)}`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which regions of a digit lower the score when they are hidden? */
export const OfADigit: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["most"]).toBeGreaterThan(1);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};

/** Of a shape in color. */
export const OfAShape: Story = { ...OfADigit, args: { net: "shapes", window: 6, stride: 3 } };
