import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, sub, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, chosenInStory, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf, take } from "../../stories/measures.ts";
import { methods, options, type Options, program } from "../../stories/programs/saliency.ts";
import source from "../../stories/programs/saliency.ts?raw";
import { classScore } from "../score/class-score.ts";
import type { Score } from "../score/score.ts";
import { saliency } from "./saliency.ts";

const formulas: Readonly<Record<Options["method"], string>> = {
  saliency: "∂score/∂x   (Simonyan, Vedaldi and Zisserman, 2014, section 3)",
  inputXGradient: "x · ∂score/∂x   (Shrikumar, Greenside and Kundaje, 2016)",
};

const meta: Meta<Options> = {
  title: "Attribution/Gradients",
  argTypes: { ...chosenInStory, method: choice(Object.keys(methods)), opacity: controls.opacity },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which pixels is the score most sensitive to?",
        formula: formulas[args.method],
        caveats:
          "A gradient describes infinitesimal changes. Where the score saturates it can be small although the pixel matters. Red pixels raise the score when they get lighter, blue ones lower it.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async (_, { net, image, target }) => {
          const { predicted, measured } = await gradientStep(classScore<Tensor4D>(net, target), image);
          return {
            facts: { predicted, measured },
            answer: `For a small step along the gradient it predicts a change of the score by ${predicted.toFixed(4)}; measured: ${measured.toFixed(4)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which pixels is the score most sensitive to? */
export const Saliency: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    const [predicted, measured] = [Number(facts["predicted"]), Number(facts["measured"])];
    await expect(measured).toBeGreaterThan(0);
    await expect(Math.abs(measured - predicted)).toBeLessThan(0.05 * predicted);
    await expect(leaked).toBe(0);
  },
};

/** Saliency of a color image. */
export const InColor: Story = { ...Saliency, args: { net: "shapes" } };

/** Input times gradient: black pixels get nothing. */
export const InputTimesGradient: Story = { ...Saliency, args: { method: "inputXGradient" } };

/** The change of the score that the gradient predicts for a small step along itself, and that of the step. */
async function gradientStep(score: Score, image: Tensor4D) {
  const values = await take(saliency(score)(image));
  const squaredNorm = values.reduce((sum, v) => sum + v * v, 0);
  const step = 0.002 / Math.max(...values.map(Math.abs));
  const along = tensor4d(values, image.shape);
  const forward = tidy(() => add<Tensor4D>(image, mul(along, step)));
  const backward = tidy(() => sub<Tensor4D>(image, mul(along, step)));
  const measured = ((await scoreOf(score, forward)) - (await scoreOf(score, backward))) / 2;
  for (const x of [along, forward, backward]) x.dispose();
  return { predicted: step * squaredNorm, measured };
}
