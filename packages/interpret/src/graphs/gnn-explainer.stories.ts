import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { methods, options, type Options, program } from "../../stories/programs/explain-node.ts";
import source from "../../stories/programs/explain-node.ts?raw";

const meta: Meta<Options> = {
  title: "Graphs/Explaining a node",
  argTypes: {
    node: range(60, 119),
    method: choice(Object.keys(methods)),
    epochs: range(10, 200),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which edges does a graph network need to predict a node?",
        formula:
          "minimize −log p(class | edges · σ(m)) + 0.005 Σ σ(m) + mean entropy of σ(m)   (GNNExplainer; Ying et al., 2019). The others: ∂score/∂mask, its integral, and score − score without the edge.",
        caveats:
          "The net was trained on houses planted in a random graph, so here it is known which edges count; in other data it is not. Several sets of edges may suffice, and a learned mask shows one of them: try other seeds.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ auc, predicted, node }) => ({
          facts: { auc, predicted },
          answer: `Node ${node} is predicted to be ${["outside of a house", "in the middle of a house", "at the bottom of a house", "at the top of a house"][predicted]}. An edge of its house gets more importance than another edge with probability ${auc.toFixed(2)} (the area under the curve; 0.5 is random).`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A learned mask of edges finds the house. */
export const LearnedMask: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["auc"])).toBeGreaterThan(0.8);
    await expect(leaked).toBe(0);
  },
};

/** One backward pass finds it too. */
export const Gradients: Story = {
  args: { method: "gradients" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["auc"])).toBeGreaterThan(0.7);
    await expect(leaked).toBe(0);
  },
};
