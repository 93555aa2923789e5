import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, gainOverBlack, seeded } from "../../stories/measures.ts";
import { perPixel } from "../../stories/programs/attribution-pictures.ts";
import { methods, options, type Options, program } from "../../stories/programs/kernel-shap.ts";
import source from "../../stories/programs/kernel-shap.ts?raw";
import { classScore } from "../score/class-score.ts";
import { shapley } from "./shapley.ts";

const formulas: Readonly<Record<Options["method"], string>> = {
  kernelShap:
    "φ that fits score(S) ≈ Σ φᵢ best, weighted by (n − 1) / (C(n, s) s (n − s))   (Lundberg and Lee, 2017, theorem 2)",
  lime: "w that fits score(S) ≈ w₀ + Σ wᵢ best near the image, weighted by exp(−d² / width²)   (Ribeiro et al., 2016, section 3.4)",
  shapley: "φᵢ = Σ over S without i of s! (n − s − 1)! / n! · (score(S ∪ i) − score(S))   (Shapley, 1953)",
};

const meta: Meta<Options> = {
  title: "Attribution/Shapley values and LIME",
  argTypes: {
    ...chosenInStory,
    method: choice(Object.keys(methods)),
    parts: range(2, 8),
    samples: range(32, 2048, 32),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much does each segment of the image contribute, alone and together with others?",
        formula: formulas[args.method],
        caveats:
          "Hidden segments are black, and an image with black segments is unlike the training data. The segments are a fixed grid, not parts that the model knows. Where not all coalitions are evaluated, the values are estimates.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map, segments }, { net, image, target, signal }) => {
          const score = classScore<Tensor4D>(net, target);
          const how = { segments, samples: args.samples, signal, rng: seeded() };
          const exact = await perPixel(await shapley(score, how)(image), "mean");
          const values = ({ data }: typeof map) =>
            Array.from({ length: args.parts ** 2 }, (_, part) => Number(data[segments.data.indexOf(part)]));
          const sum = values(map).reduce((a, b) => a + b, 0);
          const gained = await gainOverBlack(score, image);
          const similarity = correlation(values(map), values(exact));
          return {
            facts: { error: Math.abs(sum - gained), similarity },
            answer: `The values add up to ${sum.toFixed(3)}; the score is ${gained.toFixed(3)} above that of a black image. Correlation with Shapley values from as many evaluations: ${similarity.toFixed(3)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** With nine segments all coalitions are evaluated, so the values are exact. */
export const NineSegments: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-3);
    await expect(facts["similarity"]).toBeGreaterThan(0.9999);
    await expect(leaked).toBe(0);
  },
};

/** LIME fits a linear model near the image: similar values, which do not add up. */
export const Lime: Story = {
  args: { method: "lime" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.7);
    await expect(leaked).toBe(0);
  },
};

/** With sixteen segments coalitions are sampled, and the sum is still right. */
export const OfAShape: Story = {
  args: { net: "shapes", parts: 4 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-2);
    await expect(leaked).toBe(0);
  },
};
