import type { Meta, StoryObj } from "@storybook/html-vite";
import { sum, type Tensor2D, type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { take } from "../../stories/measures.ts";
import { countries } from "../../stories/nets/name-net.ts";
import { nameReader } from "../../stories/nets/name-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import type { Attribution } from "../score/attribution.ts";
import { classScore } from "../score/class-score.ts";
import { tokens as drawTokens } from "../draw/tokens.ts";
import { inputXGradient } from "./input-x-gradient.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import type { RunOptions } from "../run/run-options.ts";
import { saliency } from "./saliency.ts";
import type { Score } from "../score/score.ts";
import { tokenAttribution } from "./token-attribution.ts";

interface Args {
  method: keyof typeof methods;
  steps: number;
}

const methods = {
  integratedGradients: {
    make: (score: Score<Tensor3D>, steps: number, run: RunOptions): Attribution<Tensor3D> =>
      integratedGradients(score, { ...run, steps }),
    code: (steps: number) => `(score) => integratedGradients(score, { steps: ${steps} })`,
    formula: "Σ over features of (e − 0) ∫₀¹ ∂score(α e) / ∂e dα   (Sundararajan, Taly and Yan, 2017)",
  },
  inputXGradient: {
    make: (score: Score<Tensor3D>): Attribution<Tensor3D> => inputXGradient(score),
    code: () => "inputXGradient",
    formula: "Σ over features of e · ∂score/∂e   (Shrikumar et al., 2017)",
  },
  saliency: {
    make: (score: Score<Tensor3D>): Attribution<Tensor3D> => saliency(score),
    code: () => "saliency",
    formula: "Σ over features of ∂score/∂e   (Simonyan, Vedaldi and Zisserman, 2014)",
  },
} as const;

const meta: Meta<Args> = {
  title: "Which input matters/Tokens",
  argTypes: {
    method: choice(Object.keys(methods)),
    steps: { ...range(4, 128, 4), if: { arg: "method", eq: "integratedGradients" } },
  },
  args: { method: "integratedGradients", steps: 64 },
  render: ({ method, steps }, { id }) => {
    const { make, code, formula } = methods[method];
    return textLab(
      {
        question: "Which letters of a name give its country away?",
        formula: `A letter has no slope, the features e of its embedding have: ${formula}`,
        caveats:
          "The parts are measured from a name of zero features, which the net has never read. A letter's part includes what it does together with those around it, and is split among them by the method, not by the net.",
        reader: nameReader,
        text: "Yamamoto",
        code: `import { CharacterVocabulary } from "@pellucid/datasets";
import { classScore, ${method}, tokenAttribution } from "@pellucid/interpret";
import { readValues, tokens } from "@pellucid/interpret/draw";
import { argMax, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { countries } from "./name-net.ts";

const ids = tensor2d(CharacterVocabulary.ascii().encode(text), [1, text.length], "int32");
const [target = 0] = await argMax(net.forward(ids), 1).data();
const explain = tokenAttribution(classScore<Tensor2D>(net, target), net.embedding, ${code(steps)});
const { data } = await readValues(await explain(ids));
const marked = Array.from(data).indexOf(Math.max(...Array.from(data)));
const title = \`\${countries[target]}: what each letter adds\`;
document.body.append(tokens([...text], { data, shape: [text.length] }, { title, signed: true, marked }));`,
        run: async ({ net, texts, tokens, signal, onProgress }) => {
          const logits = await take(net.forward(tokens));
          const target = logits.indexOf(Math.max(...logits));
          const score = classScore<Tensor2D>(net, target);
          const explain = tokenAttribution(score, net.embedding, (s) =>
            make(s, steps, { signal, onProgress }),
          );
          const parts = await take(await explain(tokens));
          const sumOf = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
          const nothing = await take(
            tidy(() => {
              const { h } = net.lstm.advance(zeros([1, texts.length, net.embedding.embeddingDim])).state;
              return net.head.forward(sum(h, 0) as Tensor2D);
            }),
          );
          const gained = (logits[target] as number) - (nothing[target] as number);
          const most = parts.indexOf(Math.max(...parts));
          const title = `${countries[target]}: what each letter adds`;
          return {
            pictures: [
              drawTokens(
                texts,
                { data: parts, shape: [texts.length] },
                { title, signed: true, marked: most },
              ),
            ],
            facts: { sum: sumOf(parts), gained, country: countries[target] as string },
            answer: `“${texts[most]}” in place ${most + 1} adds most to ${countries[target]}: ${(parts[most] as number).toFixed(2)}. All parts add up to ${sumOf(parts).toFixed(2)}; the name has ${gained.toFixed(2)} more than one of zero features.`,
          };
        },
      },
      id,
    );
  },
};
export default meta;

type Story = StoryObj<Args>;

/** Which letters of a name give its country away? Their parts add up to what the name gains. */
export const WhichLetters: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["country"]).toBe("Japanese");
    await expect(Math.abs(Number(facts["sum"]) - Number(facts["gained"]))).toBeLessThan(0.05);
    await expect(leaked).toBe(0);
  },
};

/** Is the slope at the name alone enough? No: its parts do not add up. */
export const OneSlopeIsNotEnough: Story = {
  args: { method: "inputXGradient" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Math.abs(Number(facts["sum"]) - Number(facts["gained"]))).toBeGreaterThan(0.5);
    await expect(leaked).toBe(0);
  },
};
