import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { methods, options, type Options, program } from "../../stories/programs/unseen-inputs.ts";
import source from "../../stories/programs/unseen-inputs.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Bayesian network",
  argTypes: {
    method: choice(methods),
    measurements: range(10, 100, 10),
    steps: range(100, 1000, 100),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does a network know what it has not seen?",
        formula:
          "mean and deviation of f(x; w) over w ~ q(w), where q minimizes −log p(y | w) + KL(q ‖ prior)   (Blundell et al., 2015, equation 3); conformal: the 90 % quantile of errors on 100 held-out points   (Vovk et al., 2005)",
        caveats:
          "The band is what the weights leave open, without the noise of a measurement, and nothing promises that the truth is inside. With one hidden layer of ReLU, neither independent distributions of the weights nor dropout can be much less sure in a gap than at both its sides (Foong et al., 2020); networks that began at other weights can. The conformal interval does promise to cover 9 of 10, for points drawn like the held-out ones: it is no wider where nothing was measured.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ seen, gap, error, beyond, covered }) => ({
          facts: { seen, gap, error, beyond, covered },
          answer: `Its predictions deviate by ${seen.toFixed(2)} among measurements, by ${gap.toFixed(2)} in the gap, where their mean is off by ${error.toFixed(2)}, and by ${beyond.toFixed(2)} at the edge. The conformal interval covers ${(100 * covered).toFixed(0)} % of 500 other points.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** It is less sure beyond the measurements, but too sure in the gap; the conformal interval covers what it promises. */
export const Weights: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["beyond"])).toBeGreaterThan(1.4 * Number(facts["seen"]));
    await expect(Number(facts["gap"])).toBeLessThan(Number(facts["seen"]));
    await expect(Number(facts["error"])).toBeGreaterThan(2 * Number(facts["gap"]));
    await expect(facts["covered"]).toBeGreaterThan(0.83); // .9 ± two deviations, of 100 held-out and of 500 other points
    await expect(facts["covered"]).toBeLessThan(0.97);
    await expect(canvasElement.querySelector('g[role="button"]')).toBeNull();
    await expect(leaked).toBe(0);
  },
};

/** Eight networks that began at other weights part in the gap too. */
export const Ensemble: Story = {
  args: { method: "ensemble", steps: 200 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["gap"])).toBeGreaterThan(2 * Number(facts["seen"]));
    await expect(Number(facts["beyond"])).toBeGreaterThan(2 * Number(facts["seen"]));
    await expect(leaked).toBe(0);
  },
};
