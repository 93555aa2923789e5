import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/discriminator-saliency.ts";
import source from "../../stories/programs/discriminator-saliency.ts?raw";

const meta: Meta<Options> = {
  title: "Generative models/Discriminator's saliency",
  argTypes: { count: range(2, 12), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What does a discriminator look at?",
        formula:
          "∂D(x)/∂x, with D(x) the logit of being real   (Goodfellow et al., 2014; Simonyan et al., 2014)",
        caveats:
          "A generator that has learned leaves little to distinguish: then logits are near 0. A discriminator compares with this generator at this time of training: what it looks at changes as the generator learns. A gradient describes infinitesimal changes of pixels.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ real, made, noise, onStrokes }) => ({
          facts: { real, made, noise, onStrokes },
          answer: `The mean logit is ${real.toFixed(2)} for real digits, ${made.toFixed(2)} for generated ones, and ${noise.toFixed(2)} for noise. A pixel with ink gets ${onStrokes.toFixed(2)} times the gradient of an average one.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Real digits, generated ones, which it can hardly distinguish, and noise. */
export const RealAndGenerated: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["real"])).toBeGreaterThan(Number(facts["noise"]));
    await expect(facts["onStrokes"]).toBeGreaterThan(0.5);
    await expect(leaked).toBe(0);
  },
};
