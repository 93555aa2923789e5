import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/moving-grid.ts";
import source from "../../stories/programs/moving-grid.ts?raw";

const meta: Meta<Options> = {
  title: "Generative models/Flow as a moving grid",
  argTypes: { points: range(9, 31), cells: range(20, 120, 20), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How does a flow turn noise into two moons?",
        formula:
          "log p(x) = log N(f(x); 0, 1) + log |det ∂f/∂x|;  a layer: y = m x + (1 − m) (x eˢ⁽ᵐˣ⁾ + t(m x))   (Dinh, Sohl-Dickstein and Bengio, 2016)",
        caveats:
          "A flow is invertible and continuous, so it cannot tear noise into two pieces: between the moons a bridge of low density remains. That the density integrates to 1 shows that volumes are counted right, not that it is the data's.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ integral, cost }) => {
          const passed = Math.abs(integral - 1) < 0.02;
          return {
            facts: { integral, cost },
            answer: `An unseen point costs ${cost.toFixed(2)} nats; standard normal noise would take 2.84. Summed over the square, the density is ${integral.toFixed(3)}.`,
            verdict: {
              passed,
              says: passed
                ? "It is a density: it integrates to 1."
                : "Some of the density is outside of the square.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Six affine couplings, one after the other. */
export const TwoMoons: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Math.abs(Number(facts["integral"]) - 1)).toBeLessThan(0.02);
    await expect(facts["cost"]).toBeLessThan(2.1);
    await expect(leaked).toBe(0);
  },
};
