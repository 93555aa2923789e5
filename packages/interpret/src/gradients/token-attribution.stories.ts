import type { Meta, StoryObj } from "@storybook/html-vite";
import { sum, type Tensor2D, type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { take } from "../../stories/measures.ts";
import { countries } from "../../stories/nets/name-net.ts";
import { nameReader } from "../../stories/nets/name-reader.ts";
import { options, type Options, program } from "../../stories/programs/token-attribution.ts";
import source from "../../stories/programs/token-attribution.ts?raw";
import { textLab } from "../../stories/text-lab.ts";
import { total } from "../../stories/total.ts";

const formulas: Readonly<Record<Options["method"], string>> = {
  integratedGradients: "Σ over features of e ∫₀¹ ∂score(α e)/∂e dα   (Sundararajan, Taly and Yan, 2017)",
  inputXGradient: "Σ over features of e · ∂score/∂e   (Shrikumar et al., 2017)",
  saliency: "Σ over features of ∂score/∂e   (Simonyan, Vedaldi and Zisserman, 2014)",
};

const meta: Meta<Options> = {
  title: "Attribution/Tokens",
  argTypes: {
    text: { table: { disable: true } },
    method: choice(Object.keys(formulas)),
    steps: { ...range(4, 128, 4), if: { arg: "method", eq: "integratedGradients" } },
  },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "Which letters of a name reveal its country?",
        formula: `A token is an index and has no gradient; the features e of its embedding have one: ${formulas[args.method]}`,
        caveats:
          "Contributions are relative to a name of zero features, which the model has never read. What a letter does together with its neighbors is divided among them by the method, not by the model.",
        reader: nameReader,
        program: { run: program, source },
        options: { ...options, ...args }, // Storybook leaves out what it hides
        report: async ({ contributions, marked, target, logit }, { net, texts }) => {
          const baseline = await take(
            tidy(() => {
              const noLetters: Tensor3D = zeros([1, texts.length, net.embedding.embeddingDim]);
              const { h } = net.lstm.step(noLetters).state;
              return net.head.forward(sum(h, 0) as Tensor2D);
            }),
          );
          const gained = logit - Number(baseline[target]);
          const all = total(contributions);
          return {
            facts: { sum: all, gained, country: String(countries[target]) },
            answer: `“${texts[marked]}” at position ${marked + 1} contributes most to ${countries[target]}: ${Number(contributions[marked]).toFixed(2)}. All contributions add up to ${all.toFixed(2)}; the logit is ${gained.toFixed(2)} above that of a name of zero features.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which letters reveal the country? By integrated gradients, their contributions add up. */
export const IntegratedGradients: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["country"]).toBe("Japanese");
    await expect(Math.abs(Number(facts["sum"]) - Number(facts["gained"]))).toBeLessThan(0.05);
    await expect(leaked).toBe(0);
  },
};

/** By the gradient at the name alone, they do not add up. */
export const InputTimesGradient: Story = {
  args: { method: "inputXGradient" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Math.abs(Number(facts["sum"]) - Number(facts["gained"]))).toBeGreaterThan(0.5);
    await expect(leaked).toBe(0);
  },
};
