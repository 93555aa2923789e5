import type { Meta, StoryObj } from "@storybook/html-vite";
import { fill, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { chosenInStory, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/deep-lift.ts";
import source from "../../stories/programs/deep-lift.ts?raw";
import { total } from "../../stories/total.ts";
import { classScore } from "../score/class-score.ts";

const meta: Meta<Options> = {
  title: "Attribution/DeepLIFT",
  argTypes: { ...chosenInStory, baseline: range(0, 1, 0.1), opacity: controls.opacity },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much does each pixel contribute, relative to a uniform gray image?",
        formula:
          "(x − x₀) · multipliers;  through an activation Δout / Δin instead of its gradient; the sum is score(x) − score(x₀)   (Shrikumar et al., 2017, section 3.5.1)",
        caveats:
          "Contributions are relative to the baseline: pixels equal to it contribute nothing. Another gray gives another map, and neither is the only right one.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map }, { net, image, target }) => {
          const score = classScore<Tensor4D>(net, target);
          const gray = fill(image.shape, args.baseline) as Tensor4D;
          const gained = (await scoreOf(score, image)) - (await scoreOf(score, gray));
          gray.dispose();
          const sum = total(map.data);
          return {
            facts: { error: Math.abs(sum - gained), gained },
            answer: `The contributions add up to ${sum.toFixed(4)}; the score is ${gained.toFixed(4)} above that of the baseline.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Relative to a black image. */
export const RelativeToBlack: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-3 * Math.max(1, Math.abs(Number(facts["gained"]))));
    await expect(leaked).toBe(0);
  },
};

/** Relative to a gray image: the sum is right again, the map is another. */
export const RelativeToGray: Story = { ...RelativeToBlack, args: { baseline: 0.5 } };

/** Through max-pooling. */
export const ThroughPooling: Story = { ...RelativeToBlack, args: { net: "mnist" } };
