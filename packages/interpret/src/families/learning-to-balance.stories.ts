import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/learning-to-balance.ts";
import source from "../../stories/programs/learning-to-balance.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Deep Q-learning",
  argTypes: {
    steps: range(1_000, 20_000, 1_000),
    double: { control: "boolean" },
    duelling: { control: "boolean" },
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What has it learned about balancing a pole, and how fast?",
        formula:
          "Q(s, a) ← r + γ max over a′ of Q̄(s′, a′), for steps drawn from a memory; Q̄ is a slower copy   (Mnih et al., 2015)",
        caveats:
          "Another seed learns at another speed, and may forget again what it could do. While it learns it still acts at random at times, so the chart is below what the better action would reach. The map holds the cart still in the middle, and a share is of one episode: a number that is kept near zero looks unimportant, although the pole falls without it.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ before, after, right, left, shares }) => ({
          facts: { before, after, right, left, angles: (shares[2] ?? 0) + (shares[3] ?? 0) },
          answer: `Before training its better action held the pole for ${before.toFixed(0)} steps, now for ${after.toFixed(0)} of 500. Where the pole falls to the right, the right is worth ${right.toFixed(2)} more than the left.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** After some thousand steps it moves under the pole, to the side to which it falls. */
export const CartPole: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["after"])).toBeGreaterThan(5 * Number(facts["before"]));
    await expect(facts["right"]).toBeGreaterThan(0);
    await expect(facts["left"]).toBeLessThan(0);
    await expect(leaked).toBe(0);
  },
};
