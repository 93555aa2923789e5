import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/smooth-grad.ts";
import source from "../../stories/programs/smooth-grad.ts?raw";
import type { Values } from "../draw/values.ts";

const meta: Meta<Options> = {
  title: "Attribution/SmoothGrad",
  argTypes: { ...chosenInStory, samples: range(1, 100), noise: range(0, 0.5, 0.05) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does averaging over noisy copies of the input make the gradient smoother?",
        formula:
          "mean over n of ∂score/∂x at x + ε,  ε ~ N(0, (noise · range of x)²)   (Smilkov et al., 2017)",
        caveats:
          "It explains a smoothed score, not the model's own. What averaging removes may have been true of this image.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ gradient, mean }) => {
          const [before, after] = [roughness(gradient), roughness(mean)];
          return {
            facts: { before, after },
            answer: `The mean difference between neighboring pixels, relative to the mean magnitude, is ${before.toFixed(2)} for the gradient and ${after.toFixed(2)} for the average.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Does averaging over noisy copies make the gradient smoother? */
export const Smoother: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

/** Without noise, SmoothGrad is the gradient. */
export const WithoutNoise: Story = {
  args: { noise: 0, samples: 2 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeCloseTo(Number(facts["before"]), 4);
    await expect(leaked).toBe(0);
  },
};

/** The mean difference between neighboring pixels, relative to the mean magnitude. */
function roughness({ data, shape }: Values): number {
  const [height = 0, width = 0] = shape;
  let [differences, pairs, size] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = Number(data[y * width + x]);
      size += Math.abs(here) / (height * width);
      const right = x + 1 < width ? [data[y * width + x + 1]] : [];
      const below = y + 1 < height ? [data[(y + 1) * width + x]] : [];
      for (const there of [...right, ...below]) {
        differences += Math.abs(here - Number(there));
        pairs++;
      }
    }
  return differences / pairs / size;
}
