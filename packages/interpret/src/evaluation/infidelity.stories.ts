import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/infidelity.ts";
import source from "../../stories/programs/infidelity.ts?raw";

const meta: Meta<Options> = {
  title: "Evaluation/Infidelity and sensitivity",
  argTypes: {
    ...chosenInStory,
    noise: range(0.02, 0.3, 0.02),
    radius: range(0.01, 0.1, 0.01),
    samples: range(16, 256, 16),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question:
          "Does the map predict the effect of small perturbations, and does it change for nearly the same image?",
        formula:
          "infidelity: E (I · φ(x) − (score(x) − score(x − I)))² over noise I;  sensitivity: max over |δ| ≤ r of ‖φ(x + δ) − φ(x)‖ / ‖φ(x)‖   (Yeh et al., 2019, definitions 2.1 and 3.1)",
        caveats:
          "Infidelity measures small perturbations only, which the gradient predicts best. A map that never changes has no sensitivity, and may explain nothing.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ infidelities, sensitivities }) => {
          const [gradient = NaN, , guided = NaN] = infidelities;
          const [rough = NaN, smooth = NaN] = sensitivities;
          return {
            facts: { gradient, guided, rough, smooth },
            answer: `The gradient predicts a small change ${(guided / gradient).toFixed(1)} times as well as guided backpropagation; for nearly the same image it changes by ${(100 * rough).toFixed(0)} %, averaged over noise by ${(100 * smooth).toFixed(0)} %.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The gradient predicts small perturbations better than guided backpropagation, and SmoothGrad is more stable. */
export const ThreeMethods: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["gradient"]).toBeLessThan(Number(facts["guided"]));
    await expect(facts["smooth"]).toBeLessThan(Number(facts["rough"]));
    await expect(leaked).toBe(0);
  },
};
