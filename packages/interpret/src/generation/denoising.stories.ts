import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/denoising.ts";
import source from "../../stories/programs/denoising.ts?raw";

const meta: Meta<Options> = {
  title: "Generation/Denoising",
  argTypes: {
    solver: choice(["DDPM", "DDIM"]),
    steps: range(8, 200, 8),
    digits: range(1, 8),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "When is it decided which digit noise becomes?",
        formula:
          "x₀ = α x − σ v(x, t)   at each step; x ← √ᾱ′ x₀ + √(1 − ᾱ′ − s²) ε + s z, with s = 0 for DDIM   (Ho et al., 2020; Song et al., 2020)",
        caveats:
          "The estimate is a mean over all digits that could have become this noise: a gray blur means that several are possible, not that a digit is gray. With DDPM later noise can still change the digit.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ estimates, levels }) => {
          const end = estimates.at(-1) as Float32Array;
          const like = estimates.map((estimate) => correlation(estimate, end));
          const decided = levels[like.findIndex((value) => value > 0.8)] ?? NaN;
          return {
            facts: { first: like[0] ?? NaN, decided },
            answer: `The first estimate correlates with the final digits by ${(like[0] ?? NaN).toFixed(2)}; by 0.8 and more from a noise level of σ = ${decided.toFixed(2)} on.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Ancestral sampling in 200 steps. */
export const FilmStrip: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeLessThan(0.95);
    await expect(facts["decided"]).toBeGreaterThan(0);
    await expect(leaked).toBe(0);
  },
};

/** The same without noise on the way, in 24 steps. */
export const WithoutNoise: Story = { ...FilmStrip, args: { solver: "DDIM", steps: 24 } };
