import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/feature-inversion.ts";
import source from "../../stories/programs/feature-inversion.ts?raw";

const meta: Meta<Options> = {
  title: "Feature visualization/Feature inversion",
  argTypes: { ...chosenInStory, steps: range(20, 400, 20), roughness: range(0, 0.001, 0.00005) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much of the image can be reconstructed from each layer?",
        formula:
          "min over x of ‖φ(x) − φ(x₀)‖² / ‖φ(x₀)‖² + λ Σ |neighbors' difference|, from noise   (Mahendran and Vedaldi, 2015, equation 2)",
        caveats:
          "What is not reconstructed may still be encoded: the optimization stops early, and gets stuck. Where the layer determines nothing, smoothness comes from the regularization.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ reconstructed }, { pixels }) => {
          const similarities = Array.from(
            reconstructed,
            ([path, data]) => [path, correlation(data, pixels)] as const,
          );
          const [first, last] = [Number(similarities[0]?.[1]), Number(similarities.at(-1)?.[1])];
          return {
            facts: { first, last },
            answer: `Correlation of the reconstruction with the image: ${similarities.map(([path, r]) => `${r.toFixed(2)} from ${path}`).join(", ")}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The first layer determines the image, the last its class. */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeGreaterThan(0.9);
    await expect(facts["last"]).toBeLessThan(Number(facts["first"]));
    await expect(leaked).toBe(0);
  },
};
