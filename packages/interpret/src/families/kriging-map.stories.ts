import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/kriging-map.ts";
import source from "../../stories/programs/kriging-map.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Kriging",
  argTypes: {
    form: choice(["spherical", "exponential", "linear"]),
    range: range(0.5, 6, 0.5),
    nugget: range(0, 0.5, 0.02),
    sites: range(5, 80, 5),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What is between the measurements, and where is the map unsure?",
        formula:
          "Σ w = 1, Γ w + μ = γ(x₀), estimate = w · z, variance = w · γ(x₀) + μ   (Matheron, 1963; Cressie, 1993, section 3.2)",
        caveats:
          "The variance depends on where the measurements are and on the variogram, not on the measured values: it is no larger where the field is rough. A wrong variogram gives a plausible map with wrong variances.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ rmse, within }) => ({
          facts: { rmse, within },
          answer: `The map is off by ${rmse.toFixed(2)} (root mean square); ${(100 * within).toFixed(0)} % of it is within two deviations of the field.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The map is near the field, and knows how near. */
export const AMap: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["rmse"]).toBeLessThan(0.4);
    await expect(facts["within"]).toBeGreaterThan(0.9);
    await expect(leaked).toBe(0);
  },
};
