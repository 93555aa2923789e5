import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { count, options, type Options, program } from "../../stories/programs/loss-surface.ts";
import source from "../../stories/programs/loss-surface.ts?raw";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Training/Loss surface",
  argTypes: { reach: range(0.25, 3, 0.25), points: range(5, 31, 2), seed: range(0, 9), net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Is the minimum wide or narrow?",
        formula:
          "loss(w + a d₁ + b d₂), d random, each of its filters as long as the model's: d ← d / ‖d‖ ‖w‖   (Li et al., 2018, section 4)",
        caveats:
          "These are two directions of thousands: what looks like a minimum here may be a saddle point in others. Surfaces of other losses, or with other filter lengths, cannot be compared with this one.",
        net: args.net,
        nets: ["digits", "mnist"],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ losses }) => {
          const { points } = args;
          const found = Number(losses[(losses.length - 1) / 2]);
          const border = losses.filter((_, i) =>
            [Math.floor(i / points), i % points].some((at) => at === 0 || at === points - 1),
          );
          const far = total(border) / border.length;
          return {
            facts: { found, far, least: Math.min(...losses) },
            answer: `Where training ended, the loss on ${count} unseen images is ${found.toFixed(3)}; at the border of the map it is ${far.toFixed(2)} on average.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The loss is higher all around the minimum. */
export const AroundAMinimum: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["found"]).toBeLessThan(0.3);
    await expect(facts["far"]).toBeGreaterThan(5 * Number(facts["found"]));
    await expect(facts["least"]).toBeGreaterThan(0.5 * Number(facts["found"])); // near the minimum for unseen images too
    await expect(leaked).toBe(0);
  },
};
