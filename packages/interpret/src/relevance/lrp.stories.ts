import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, chosenInStory, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, scoreOf } from "../../stories/measures.ts";
import { perPixel } from "../../stories/programs/attribution-pictures.ts";
import { total } from "../../stories/total.ts";
import { options, type Options, program, rules } from "../../stories/programs/lrp.ts";
import source from "../../stories/programs/lrp.ts?raw";
import { inputXGradient } from "../gradients/input-x-gradient.ts";
import { classScore } from "../score/class-score.ts";

const formulas: Readonly<Record<Options["rules"], string>> = {
  epsilonEverywhere: "ε in every layer",
  gamma: "γ: w + 0.25 w⁺ in place of w",
  zPlus: "z⁺: w⁺ in place of w",
  epsilonPlus: "ε in linear layers, z⁺ in convolutions",
  epsilonAlphaBeta: "ε in linear layers, α = 2 and β = 1 in convolutions",
};

const meta: Meta<Options> = {
  title: "Attribution/Layer-wise relevance propagation",
  argTypes: {
    ...chosenInStory,
    rules: choice(Object.keys(rules)),
    input: choice(["same rule", "zᴮ"]),
    opacity: controls.opacity,
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much of the score does each pixel receive when each layer passes its relevance back?",
        formula: `Rᵢ = Σⱼ xᵢwᵢⱼ / zⱼ · Rⱼ, with ${formulas[args.rules]}${args.input === "zᴮ" ? "; at the input, which is in [0, 1], Rᵢ ∝ xᵢwᵢⱼ − w⁻ᵢⱼ" : ""}   (Bach et al., 2015; Montavon et al., 2019)`,
        caveats:
          "Biases absorb part of the relevance and are not shown. ε in every layer is input times gradient in a ReLU net; z⁺ in every layer shows no evidence against the class. Black pixels are 0 and receive nothing, except by the rule zᴮ.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map }, { net, image, target, pixels, subject }) => {
          const score = classScore<Tensor4D>(net, target);
          const gradient = await perPixel(inputXGradient(score)(image));
          const [points, sum] = [await scoreOf(score, image), total(map.data)];
          const colors = subject.shape[2];
          const black = total(Array.from(map.data, (v, i) => (pixels[i * colors] === 0 ? Math.abs(v) : 0)));
          const least = Math.min(...Array.from(map.data));
          return {
            facts: { similarity: correlation(map.data, gradient.data), least, sum, points, black },
            answer: `Of the score of ${points.toFixed(2)}, pixels receive ${sum.toFixed(2)}; biases absorb the rest. The smallest relevance of a pixel is ${least.toFixed(3)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** ε in linear layers, z⁺ in convolutions. */
export const EpsilonPlus: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["black"]).toBe(0);
    await expect(facts["sum"]).toBeGreaterThan(0.3 * Number(facts["points"]));
    await expect(facts["sum"]).toBeLessThan(1.5 * Number(facts["points"]));
    await expect(leaked).toBe(0);
  },
};

/** In a ReLU net, ε in every layer is input times gradient. */
export const EpsilonIsInputTimesGradient: Story = {
  args: { rules: "epsilonEverywhere" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.999);
    await expect(leaked).toBe(0);
  },
};

/** The rule z⁺ shows no evidence against the class. */
export const OnlyPositiveRelevance: Story = {
  args: { rules: "zPlus" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["least"]).toBeGreaterThanOrEqual(0);
    await expect(leaked).toBe(0);
  },
};

/** With the rule zᴮ at the input, black pixels can receive relevance. */
export const BoxRule: Story = {
  args: { input: "zᴮ" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["black"]).toBeGreaterThan(0.05 * Number(facts["points"]));
    await expect(leaked).toBe(0);
  },
};

/** In a residual net, with its batch norms folded into the convolutions. */
export const FoldedBatchNorms: Story = {
  ...EpsilonIsInputTimesGradient,
  args: { rules: "epsilonEverywhere", net: "shapes" },
};
