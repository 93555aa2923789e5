import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/message-passing.ts";
import source from "../../stories/programs/message-passing.ts?raw";

const meta: Meta<Options> = {
  title: "Graphs/Message passing",
  argTypes: { depth: range(1, 30), keep: range(0, 0.9, 0.1), node: range(0, 33) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How far does a node's information travel, and what is left of it?",
        formula:
          "x ← keep · x + (1 − keep) · D⁻¹ (A + I) x, once for each layer; the curve is the mean cosine similarity of two nodes   (Li, Han and Wu, 2018; over-smoothing)",
        caveats:
          "These are the messages alone, without weights and activations: a trained network may amplify what is left of a difference. On a graph of friends of friends, three layers reach almost everyone.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ spread, reached }) => ({
          facts: {
            first: Number(spread[0]),
            last: Number(spread.at(-1)),
            three: Number(reached[3]),
            rising: spread.every((value, i) => i === 0 || value >= Number(spread[i - 1]) - 1e-6),
          },
          answer: `After ${spread.length - 1} layers two members have a similarity of ${Number(spread.at(-1)).toFixed(3)} on average: ${Number(spread.at(-1)) > 0.95 ? "they can hardly be distinguished" : "they can still be distinguished"}. The member's information reached ${reached[1] ?? 0} members after one layer, and ${reached.at(-1)} in the end.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** With depth all nodes become alike. */
export const OverSmoothing: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBe(0);
    await expect(Number(facts["last"])).toBeGreaterThan(0.95);
    await expect(facts["rising"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};

/** A residual connection slows it down. */
export const Residual: Story = {
  args: { keep: 0.8 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["last"])).toBeLessThan(0.95);
    await expect(leaked).toBe(0);
  },
};
