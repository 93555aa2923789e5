import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, scoreOf } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace, total } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { inputXGradient } from "../gradients/input-x-gradient.ts";
import { epsilonAlphaBeta, epsilonEverywhere, epsilonPlus, lrp } from "./lrp.ts";
import { lrpGamma, lrpZPlus } from "./lrp-rule.ts";

const rules = {
  epsilonEverywhere: { rule: epsilonEverywhere, code: "epsilonEverywhere", formula: "ε everywhere" },
  gamma: { rule: lrpGamma(), code: "lrpGamma()", formula: "γ: w + 0.25 w⁺ for w" },
  zPlus: { rule: lrpZPlus(), code: "lrpZPlus()", formula: "z⁺: only w⁺" },
  epsilonPlus: { rule: epsilonPlus, code: "epsilonPlus", formula: "ε in linear layers, z⁺ in convolutions" },
  epsilonAlphaBeta: {
    rule: epsilonAlphaBeta,
    code: "epsilonAlphaBeta",
    formula: "ε in linear layers, α 2 and β 1 in convolutions",
  },
} as const;

interface Args {
  rules: keyof typeof rules;
  input: "as elsewhere" | "zᴮ";
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Layer-wise relevance",
  argTypes: {
    rules: choice(Object.keys(rules)),
    input: choice(["as elsewhere", "zᴮ"]),
    opacity: controls.opacity,
    net: controls.net,
  },
  args: { rules: "epsilonPlus", input: "as elsewhere", opacity: 0.9, net: "digits" },
  render: ({ rules: chosen, input, opacity, net }, { id }) => {
    const { rule, code, formula } = rules[chosen];
    const options = input === "zᴮ" ? { rules: rule, box: [0, 1] as const } : { rules: rule };
    return lab(
      {
        question: "Who gets the score's points when each layer shares them out?",
        formula: `Rᵢ = Σⱼ xᵢwᵢⱼ / zⱼ · Rⱼ, and ${formula}${input === "zᴮ" ? "; at the picture, whose numbers lie from 0 to 1, Rᵢ ∝ xᵢwᵢⱼ − w⁻ᵢⱼ" : ""}   (Bach et al., 2015; Montavon et al., 2019)`,
        lies: "Biases take part of the points and are not shown. With ε everywhere it is input times gradient in a net of ReLUs; with z⁺ everywhere, what argues against the class is not seen at all. What is black is 0 and gets nothing, unless the picture has the rule zᴮ.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, lrp, ${code.replace("()", "")} } from "@pellucid/interpret";`,
            `const how = { rules: ${code}${input === "zᴮ" ? ", box: [0, 1]" : ""}, model: net } as const;
const map = lrp(classScore(net, target), how)(images);`,
            { title: `Relevance for ${name}`, opacity },
          ),
        run: async (work) => {
          const { net: model, image, target, name } = work;
          const score = classScore<Tensor4D>(model, target);
          const map = await perPlace(lrp(score, { ...options, model })(image));
          const gradient = await perPlace(inputXGradient(score)(image));
          const [points, sum] = [await scoreOf(score, image), total(map.data)];
          const colors = work.subject.shape[2];
          const black = total(
            Array.from(map.data, (v, i) => (work.pixels[i * colors] === 0 ? Math.abs(v) : 0)),
          );
          const least = Math.min(...Array.from(map.data));
          return {
            pictures: besides(work, map, { title: `Relevance for ${name}`, signed: true, opacity }),
            facts: { alike: correlation(map.data, gradient.data), least, sum, points, black },
            answer: `Of the score of ${points.toFixed(2)}, pixels get ${sum.toFixed(2)}; the rest is the biases'. The least of them gets ${least.toFixed(3)}.`,
          };
        },
      },
      id,
    );
  },
};
export default meta;

type Story = StoryObj<Args>;

/** Who gets the points, if convolutions share them among what argues for them? */
export const ShareAndShare: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["black"]).toBe(0);
    await expect(facts["sum"]).toBeGreaterThan(0.3 * Number(facts["points"]));
    await expect(facts["sum"]).toBeLessThan(1.5 * Number(facts["points"]));
    await expect(leaked).toBe(0);
  },
};

/** Is ε everywhere something else than input times gradient? Not in a net of ReLUs. */
export const EpsilonIsInputTimesGradient: Story = {
  args: { rules: "epsilonEverywhere" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["alike"]).toBeGreaterThan(0.999);
    await expect(leaked).toBe(0);
  },
};

/** Does z⁺ show what argues against the class? No, never. */
export const OnlyWhatArguesFor: Story = {
  args: { rules: "zPlus" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["least"]).toBeGreaterThanOrEqual(0);
    await expect(leaked).toBe(0);
  },
};

/** Can a black place matter, because it is not white? With the rule zᴮ at the picture it can. */
export const BlackMatters: Story = {
  args: { input: "zᴮ" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["black"]).toBeGreaterThan(0.05 * Number(facts["points"]));
    await expect(leaked).toBe(0);
  },
};

/** In a residual net, its batch norms folded into its convolutions? */
export const WithFoldedNorms: Story = {
  args: { rules: "epsilonEverywhere", net: "shapes" },
  play: EpsilonIsInputTimesGradient.play as NonNullable<Story["play"]>,
};
