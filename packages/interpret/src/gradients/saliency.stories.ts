import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, sub, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf } from "../../stories/measures.ts";
import { besides, mapCode, perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { inputXGradient } from "./input-x-gradient.ts";
import { saliency } from "./saliency.ts";

interface Args {
  method: "saliency" | "inputXGradient";
  opacity: number;
  net: SubjectName;
}

const methods = {
  saliency: { tool: saliency, formula: "∂score/∂x   (Simonyan, Vedaldi and Zisserman, 2014, section 3)" },
  inputXGradient: {
    tool: inputXGradient,
    formula: "x · ∂score/∂x   (Shrikumar, Greenside and Kundaje, 2016)",
  },
} as const;

const meta: Meta<Args> = {
  title: "Which input matters/Gradients",
  argTypes: { method: choice(Object.keys(methods)), opacity: controls.opacity, net: controls.net },
  args: { method: "saliency", opacity: 0.9, net: "digits" },
  render: ({ method, opacity, net }, { id }) =>
    lab(
      {
        question: "Which pixels would change the net's mind?",
        formula: methods[method].formula,
        lies: "A gradient says what an infinitely small change does. Where the net is sure, it can be small although the pixel matters. Blue pixels lower the score when they get lighter, red ones raise it.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, ${method} } from "@pellucid/interpret";`,
            `const map = ${method}(classScore(net, target))(images); // one number for each number of the picture`,
            { title: `${method} for ${name}`, opacity },
          ),
        run: async (work) => {
          const { net: model, image, target, name } = work;
          const score = classScore<Tensor4D>(model, target);
          const promise = await promised(score, image);
          const map = await perPlace(methods[method].tool(score)(image));
          const title = `${method} for ${name}`;
          return {
            pictures: besides(work, map, { title, signed: true, opacity }),
            facts: { promised: promise.slope, kept: promise.change },
            answer: `The gradient promises ${promise.slope.toFixed(4)} points for a step along it; the step brings ${promise.change.toFixed(4)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Which pixels would change the net's mind? */
export const WhichPixels: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    const { promised: slope, kept } = facts as Record<string, number>;
    await expect(kept).toBeGreaterThan(0);
    await expect(Math.abs((kept as number) - (slope as number))).toBeLessThan(0.05 * (slope as number));
    await expect(leaked).toBe(0);
  },
};

/** And of a picture in color? */
export const InColor: Story = { ...WhichPixels, args: { net: "shapes" } };

/** Multiplied by the pixel: what is dark cannot matter. */
export const TimesInput: Story = { ...WhichPixels, args: { method: "inputXGradient" } };

/** What the gradient promises for a small step along itself, and what the step brings. */
async function promised(score: ReturnType<typeof classScore<Tensor4D>>, image: Tensor4D) {
  const slope = saliency(score)(image);
  const values = Array.from(await slope.data());
  slope.dispose();
  const length = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
  const step = 0.002 / Math.max(...values.map(Math.abs));
  const along = tensor4d(values, image.shape);
  const moved = tidy(() => add<Tensor4D>(image, mul(along, step)));
  const back = tidy(() => sub<Tensor4D>(image, mul(along, step)));
  const change = ((await scoreOf(score, moved)) - (await scoreOf(score, back))) / 2;
  for (const x of [along, moved, back]) x.dispose();
  return { slope: step * length * length, change };
}
