import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program, samplers } from "../../stories/programs/sampled-graph.ts";
import source from "../../stories/programs/sampled-graph.ts?raw";

const meta: Meta<Options> = {
  title: "Graphs/Sampling",
  argTypes: { sampler: choice(Object.keys(samplers)), size: range(1, 8), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which part of a large graph does one training step see?",
        formula:
          "neighbors: at most k of the edges that reach each node, hop by hop (Hamilton et al., 2017);  visits: the k nodes that walks from a seed visit most (Ying et al., 2018);  layers: a few nodes for each layer (Zou et al., 2019);  walks: the subgraph of all nodes that walks visit (Zeng et al., 2020);  clusters: the subgraph of some parts of few edges between them (Chiang et al., 2019)",
        caveats:
          "One batch is one draw: nodes with many edges come more often in walks, and edges between parts are rare in clusters. GraphSAINT's normalization corrects the first; drawing other parts together each time lessens the second.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ nodes, edges, existing }) => ({
          facts: { nodes, edges, existing },
          answer: `The batch has ${nodes} of 120 nodes and ${edges} edges, which are drawn dark; nodes that it starts from have a second ring.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Neighbors of neighbors of a few seeds. */
export const Neighbors: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["edges"])).toBeLessThanOrEqual(4 * 3 + 12 * 3);
    await expect(facts["existing"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};

/** Two parts with few edges to the rest. */
export const Clusters: Story = {
  args: { sampler: "clusters" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["nodes"]).toBe(30);
    await expect(facts["existing"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};

/** A few nodes for each layer, among the neighbors of the layer above. */
export const Layers: Story = {
  args: { sampler: "layers" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["nodes"])).toBeLessThanOrEqual(4 + 12 + 12);
    await expect(facts["existing"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};
