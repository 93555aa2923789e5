import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/diff-pool.ts";
import source from "../../stories/programs/diff-pool.ts?raw";

const meta: Meta<Options> = {
  title: "Graphs/DiffPool",
  argTypes: { clusters: range(2, 8), steps: range(10, 300, 10), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Into which clusters does a network pool the nodes of a graph?",
        formula:
          "S = softmax(GCN(X, A));   X′ = Sᵀ X,   A′ = Sᵀ A S;   loss = ‖A − S Sᵀ‖ + mean entropy of the rows of S   (Ying et al., 2018)",
        caveats:
          "Only the two auxiliary losses are learned here, without a task. Clusters have no order, so colors differ by seed. Where the link loss is divided by n², which is the default, entropy outweighs it on a graph as small as this, and blocks share clusters.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ purity, losses }) => ({
          facts: { purity, falls: Number(losses.at(-1)) < Number(losses[0]) },
          answer: `${(100 * purity).toFixed(0)} % of the nodes are in a cluster that is mostly of their own block; the network was not given the block of any node.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The clusters as they form. */
export const Clusters: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["purity"])).toBeGreaterThan(0.85);
    await expect(facts["falls"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};
