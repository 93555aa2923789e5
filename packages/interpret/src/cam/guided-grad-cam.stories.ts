import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { sayShares, uniformShare, shareOnInk } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/guided-grad-cam.ts";
import source from "../../stories/programs/guided-grad-cam.ts?raw";

const meta: Meta<Options> = {
  title: "Attribution/Guided Grad-CAM",
  argTypes: { ...chosenInStory, layer: controls.layer, opacity: controls.opacity },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which edges support the class in the regions that Grad-CAM highlights?",
        formula: "guided backpropagation · upsampled Grad-CAM   (Selvaraju et al., 2017)",
        caveats:
          "Its edges come from guided backpropagation, which shows them whatever the model has learned; only their region depends on the model. It fails the sanity check.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ map }, { subject, pixels }) => {
          const share = shareOnInk(map, subject, pixels);
          return {
            facts: { share, uniform: uniformShare(subject, pixels) },
            answer: sayShares(share, subject, pixels),
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The edges of a star. */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(3 * Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};
