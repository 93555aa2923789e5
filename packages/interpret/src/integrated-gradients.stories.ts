import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { zerosLike } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf, lab } from "../stories/lab.ts";
import { pixelMap, total } from "../stories/pixel-map.ts";
import { classScore } from "./class-score.ts";
import { integratedGradients } from "./integrated-gradients.ts";

interface Args {
  steps: number;
  opacity: number;
}

const meta: Meta<Args> = {
  title: "Which input matters/Integrated gradients",
  argTypes: {
    steps: { control: { type: "range", min: 1, max: 128 } },
    opacity: { control: { type: "range", min: 0, max: 1, step: 0.05 } },
  },
  args: { steps: 32, opacity: 0.9 },
  render: ({ steps, opacity }) =>
    lab({
      question: "How many points of the score does each pixel bring?",
      formula:
        "(x − x₀) · ∫₀¹ ∂score(x₀ + α(x − x₀))/∂x dα;  its sum is score(x) − score(x₀)   (Sundararajan et al., 2017, eq. 1)",
      lies: "Points are counted from a black picture: what is black in both can bring nothing, even if its being black matters. Another baseline gives another map.",
      code: `import { classScore, integratedGradients } from "@pellucid/interpret";
import { overlay, readValues } from "@pellucid/interpret/draw";

const map = await integratedGradients(classScore(net, target), { steps: ${steps} })(images); // [1, 8, 8, 1]
const [image, { data }] = [{ data: pixels, shape: [8, 8, 1] }, await readValues(map)];
document.body.append(overlay(image, { data, shape: [8, 8] }, { title: "points", signed: true, opacity: ${opacity} }));`,
      run: async ({ net, image, pixels, target, signal, onProgress }) => {
        const score = classScore<Tensor4D>(net, target);
        const map = await integratedGradients(score, { steps, signal, onProgress })(image);
        const title = `Points for ${target}`;
        const { pictures, values } = await pixelMap(pixels, map, { title, signed: true, opacity });
        const black = zerosLike(image);
        const [here, there] = [score(image), score(black)];
        const gained = ((await here.data())[0] as number) - ((await there.data())[0] as number);
        for (const x of [black, here, there]) x.dispose();
        const sum = total(values);
        return {
          pictures,
          facts: { error: Math.abs(sum - gained) / Math.abs(gained) },
          answer: `The pixels' points add up to ${sum.toFixed(3)}; the score is ${gained.toFixed(3)} above that of a black picture.`,
        };
      },
    }),
};
export default meta;

type Story = StoryObj<Args>;

/** How many points of the score does each pixel bring? */
export const HowManyPoints: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(0.05);
    await expect(leaked).toBe(0);
  },
};
