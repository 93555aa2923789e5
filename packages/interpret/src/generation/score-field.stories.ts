import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/score-field.ts";
import source from "../../stories/programs/score-field.ts?raw";

const meta: Meta<Options> = {
  title: "Generation/Score field",
  argTypes: { level: range(0, 4), steps: range(100, 2000, 100), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Where does denoising lead from each point?",
        formula:
          "score = ∇ log p(x);  loss = ½ E ‖σ score(x + σ ε) + ε‖²   (Vincent, 2011; Song and Ermon, 2019)",
        caveats:
          "Far from all points there was little to learn from at low noise levels, and the arrows there are extrapolated. High levels show the whole, low ones the details: a sampler needs both.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ vectors, exact, sigma }) => {
          const agreement = correlation(Float32Array.from(vectors.flat()), Float32Array.from(exact.flat()));
          return {
            facts: { agreement, sigma },
            answer: `At σ = ${sigma.toFixed(2)} the learned arrows correlate by ${agreement.toFixed(2)} with those of the training points with noise.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The score of two moons at a middle noise level. */
export const OfTwoMoons: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["agreement"]).toBeGreaterThan(0.8);
    await expect(leaked).toBe(0);
  },
};

/** With much noise, all arrows lead to the middle. */
export const WithMuchNoise: Story = { ...OfTwoMoons, args: { level: 0 } };
