import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { methods, options, type Options, program } from "../../stories/programs/box-saliency.ts";
import source from "../../stories/programs/box-saliency.ts?raw";

const meta: Meta<Options> = {
  title: "Attribution/A box of a detector",
  argTypes: { scene: range(0, 39), method: choice(methods), masks: range(50, 2000, 50) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Why does the detector see a box there?",
        formula:
          "D-RISE: Σ M · max over boxes of IoU(box, target) · cos(scores, target) over random masks M   (Petsiuk et al., 2021); gradient: |∂ s ÷ ∂x|, HiResCAM: ReLU Σₖ Aₖ · ∂ s ÷ ∂Aₖ, with s = max over boxes of IoU · score",
        caveats:
          "Both maps are of one box, the best that was found. The map of masks is coarse, and a masked picture is unlike the training data. A gradient is large at edges, whether or not they matter. Grad-CAM takes the mean of the gradients over all positions, and so forgets which box it was about: another shape lights up too; HiResCAM keeps them apart. What lies outside of the box can matter too: a background that is unlike the shape.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ name, share, area, score }) => ({
          facts: { share, area, score },
          answer: `The box of a ${name} (score ${score.toFixed(2)}) covers ${Math.round(100 * area)} % of the picture, and has ${Math.round(100 * share)} % of the map.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Random masks: what must be visible for the box to be found. */
export const RandomMasks: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["score"])).toBeGreaterThan(0.3);
    await expect(Number(facts["share"])).toBeGreaterThan(1.2 * Number(facts["area"]));
    await expect(leaked).toBe(0);
  },
};

/** The gradient of the box's score. */
export const Gradient: Story = { ...RandomMasks, args: { method: "gradient" } };

/** The last stage of the backbone, each position by its own gradient: it stays at the box. */
export const ClassActivationMap: Story = { ...RandomMasks, args: { method: "HiResCAM" } };
