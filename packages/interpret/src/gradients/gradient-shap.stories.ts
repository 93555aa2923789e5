import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { chosenInStory, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/gradient-shap.ts";
import source from "../../stories/programs/gradient-shap.ts?raw";
import { total } from "../../stories/total.ts";
import { classScore } from "../score/class-score.ts";

const meta: Meta<Options> = {
  title: "Attribution/GradientSHAP",
  argTypes: { ...chosenInStory, samples: range(10, 400, 10), opacity: controls.opacity },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much does each pixel contribute, relative to other images instead of a black one?",
        formula:
          "mean over samples of (x − x₀) · ∂score/∂x at x₀ + α (x − x₀),  x₀ a random baseline, α ~ U(0, 1)   (Lundberg and Lee, 2017; Erion et al., 2021)",
        caveats:
          "Contributions are relative to the twenty baseline images: others give another map. It is a Monte Carlo estimate, and few samples leave noise.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map, expected }, { net, image, target }) => {
          const gained = (await scoreOf(classScore<Tensor4D>(net, target), image)) - expected;
          const sum = total(map.data);
          return {
            facts: { error: Math.abs(sum - gained) / Math.abs(gained) },
            answer: `The contributions add up to ${sum.toFixed(2)}; the score is ${gained.toFixed(2)} above the mean score of the 20 baselines.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Relative to other digits, pixels that are black where others are white contribute too. */
export const RelativeToOtherImages: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(0.15); // 200 samples
    await expect(leaked).toBe(0);
  },
};
