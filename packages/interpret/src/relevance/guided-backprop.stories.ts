import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { methods, options, type Options, program } from "../../stories/programs/sanity-check.ts";
import source from "../../stories/programs/sanity-check.ts?raw";

const formulas: Readonly<Record<Options["method"], string>> = {
  guidedBackprop: "∂score/∂x, where each ReLU passes dy · [dy > 0] · [x > 0]   (Springenberg et al., 2015)",
  deconvnet: "∂score/∂x, where each ReLU passes dy · [dy > 0]   (Zeiler and Fergus, 2014)",
  saliency: "∂score/∂x   (Simonyan, Vedaldi and Zisserman, 2014)",
  integratedGradients: "(x − x₀) · ∫ ∂score/∂x   (Sundararajan et al., 2017)",
};

const meta: Meta<Options> = {
  title: "Evaluation/Sanity check",
  argTypes: {
    ...chosenInStory,
    method: choice(Object.keys(methods)),
    threshold: range(0.1, 0.9, 0.1),
    opacity: controls.opacity,
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does the map change when the weights are randomized?",
        formula: `${formulas[args.method]}.  Check: rank correlation with the map of random weights, layer by layer from the last   (Adebayo et al., 2018)`,
        caveats:
          "A map that changes with the weights need not be faithful; one that does not change is not. Sharp edges prove nothing: guided backpropagation and the deconvnet show them whatever the model has learned.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ likeness, passed }) => ({
          facts: { passed, likeness },
          answer: `While the weights are randomized, the rank correlation with the original map is ${likeness.toFixed(2)} on average.`,
          verdict: {
            passed,
            says: passed
              ? "Passed: the map depends on what the model has learned."
              : "Failed: the map is much the same without what the model has learned.",
          },
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Guided backpropagation fails. */
export const GuidedBackpropFails: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["passed"]).toBe(false);
    await expect(canvasElement.querySelector(".verdict.failed")).toBeVisible();
    await expect(leaked).toBe(0);
  },
};

/** The gradient passes. */
export const SaliencyPasses: Story = {
  args: { method: "saliency" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["passed"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};

/** Integrated gradients pass. */
export const IntegratedGradientsPass: Story = {
  ...SaliencyPasses,
  args: { method: "integratedGradients" },
};
