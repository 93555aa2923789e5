import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/switched-class.ts";
import source from "../../stories/programs/switched-class.ts?raw";

const meta: Meta<Options> = {
  title: "Generation/Switched class",
  argTypes: {
    from: range(0, 9),
    to: range(0, 9),
    guidance: range(1, 4, 0.5),
    steps: range(10, 40, 10),
    digits: range(4, 24, 4),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "At which noise level is it decided which digit is drawn?",
        formula:
          "x₀ = net(x_t, t, class): the first class while σ_t is above the switch, the second one below it   (after Balaji et al., 2022, section 4)",
        caveats:
          "The noise level depends on the two classes: a 4 can become a 9 later than a 1 a 0, as less has to change. What the classifier says of a digit that is between two is arbitrary.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ sigmas, before, after }) => {
          const at = after.findIndex((share) => share < 0.5);
          const decided = at < 0 ? 0 : (sigmas[at] ?? NaN);
          const first = after[0] ?? NaN;
          const last = before.at(-1) ?? NaN;
          return {
            facts: { first, last, decided },
            answer: `Switched before the first step, ${(100 * first).toFixed(0)}% is taken for the second digit; switched after the last, ${(100 * last).toFixed(0)}% for the first. From σ = ${decided.toFixed(2)} down the switch comes too late for half of them.`,
            verdict: {
              passed: first > 0.8 && last > 0.8,
              says:
                first > 0.8 && last > 0.8
                  ? "Both controls are drawn as asked: without a switch, each class is recognized."
                  : "A control fails: without a switch, a class is not recognized, so the switch says nothing.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A 4 that is to become a 9. */
export const FourToNine: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeGreaterThan(0.8);
    await expect(facts["last"]).toBeGreaterThan(0.8);
    await expect(facts["decided"]).toBeGreaterThan(0.4);
    await expect(facts["decided"]).toBeLessThan(0.95);
    await expect(leaked).toBe(0);
  },
};
