import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, gainOverBlack, seeded } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { kernelShap } from "./kernel-shap.ts";
import { lime } from "./lime.ts";
import { gridSegments } from "./segments.ts";
import { shapley } from "./shapley.ts";

const methods = { kernelShap, lime, shapley } as const;

const formulas: Readonly<Record<keyof typeof methods, string>> = {
  kernelShap:
    "φ that fits score(S) ≈ Σ φᵢ best, weighted by (n − 1) / (C(n, s) s (n − s))   (Lundberg and Lee, 2017, theorem 2)",
  lime: "w that fits score(S) ≈ w₀ + Σ wᵢ best near the picture, weighted by exp(−d² / width²)   (Ribeiro et al., 2016, section 3.4)",
  shapley: "φᵢ = Σ over S without i of s! (n − s − 1)! / n! · (score(S ∪ i) − score(S))   (Shapley, 1953)",
};

interface Args {
  method: keyof typeof methods;
  parts: number;
  samples: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Shapley values and LIME",
  argTypes: {
    method: choice(Object.keys(methods)),
    parts: range(2, 8),
    samples: range(32, 2048, 32),
    net: controls.net,
  },
  args: { method: "kernelShap", parts: 3, samples: 512, net: "digits" },
  render: ({ method, parts, samples, net }, { id }) =>
    lab(
      {
        question: "What is each part of the picture worth, alone and together with others?",
        formula: formulas[method],
        caveats:
          "A part that is hidden is black, and a picture with black parts is one that the net has never seen. Parts of one size are ours, not the net's. Where not all coalitions are asked, the values are a draw.",
        net,
        code: ({ shape: [height, width] }, name) =>
          mapCode(
            `import { classScore, gridSegments, ${method} } from "@pellucid/interpret";`,
            `const segments = gridSegments(${height}, ${width}, ${parts});
const how = { rng: new Rng(0), segments, samples: ${samples} };
const map = await ${method}(classScore(net, target), how)(images);`,
            { title: `Worth of each part for ${name}`, opacity: 0.8, over: "mean" },
          ),
        run: async (work) => {
          const { subject, net: model, image, target, name, signal, onProgress } = work;
          const [height, width] = subject.shape;
          const score = classScore<Tensor4D>(model, target);
          const segments = gridSegments(height, width, parts);
          const options = { segments, samples, signal };
          const asked = async (tool: (typeof methods)[keyof typeof methods]) => {
            return perPlace(await tool(score, { ...options, rng: seeded(), onProgress })(image), "mean");
          };
          const map = await asked(methods[method]);
          const exact = await asked(shapley);
          const worth = (values: ArrayLike<number>) =>
            Array.from({ length: parts * parts }, (_, part) => values[segments.data.indexOf(part)] as number);
          const sum = worth(map.data).reduce((a, b) => a + b, 0);
          const gained = await gainOverBlack(score, image);
          const alike = correlation(worth(map.data), worth(exact.data));
          return {
            pictures: besides(work, map, {
              title: `Worth of each part for ${name}`,
              signed: true,
              opacity: 0.8,
            }),
            facts: { error: Math.abs(sum - gained), alike },
            answer: `The parts' worth adds up to ${sum.toFixed(3)}, the score gained over a black picture is ${gained.toFixed(3)}. Correlation with Shapley values from as many questions: ${alike.toFixed(3)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What is each of nine parts worth? All coalitions are asked, so this is exact. */
export const NineParts: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-3);
    await expect(facts["alike"]).toBeGreaterThan(0.9999);
    await expect(leaked).toBe(0);
  },
};

/** What does a linear model near the picture say? Much the same, but it does not add up. */
export const Lime: Story = {
  args: { method: "lime" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["alike"]).toBeGreaterThan(0.7);
    await expect(leaked).toBe(0);
  },
};

/** Of a shape in color, in sixteen parts: drawn coalitions, and still the sum is right. */
export const OfAShape: Story = {
  args: { net: "shapes", parts: 4 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-2);
    await expect(leaked).toBe(0);
  },
};
