import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf, lab } from "../stories/lab.ts";
import { sayShares, shareByChance, shareOnInk } from "../stories/on-ink.ts";
import { pixelMap } from "../stories/pixel-map.ts";
import { classScore } from "./class-score.ts";
import { occlusion } from "./occlusion.ts";

interface Args {
  window: number;
  stride: number;
  baseline: number;
}

const meta: Meta<Args> = {
  title: "Which input matters/Occlusion",
  argTypes: {
    window: { control: { type: "range", min: 1, max: 4 } },
    stride: { control: { type: "range", min: 1, max: 4 } },
    baseline: { control: { type: "range", min: 0, max: 1, step: 0.1 } },
  },
  args: { window: 2, stride: 1, baseline: 0 },
  render: ({ window, stride, baseline }) =>
    lab({
      question: "What must be hidden for the net to lose sight of the digit?",
      formula:
        "score(x) − score(x with a window hidden), averaged over the windows that hide a place   (Zeiler and Fergus, 2014, section 4.2)",
      lies: "A hidden window is a picture that the net has never seen, and black is also the color of the ground: hiding what is black changes nothing. Two parts that say the same are both shown as unimportant, since hiding one leaves the other.",
      code: `import { classScore, occlusion } from "@pellucid/interpret";
import { overlay, readValues } from "@pellucid/interpret/draw";

const hide = { window: [${window}, ${window}], stride: [${stride}, ${stride}], baseline: ${baseline} } as const;
const map = await occlusion(classScore(net, target), hide)(images); // [1, 8, 8, 1]
const [image, { data }] = [{ data: pixels, shape: [8, 8, 1] }, await readValues(map)];
document.body.append(overlay(image, { data, shape: [8, 8] }, { title: "fall of the score", signed: true }));`,
      run: async ({ net, image, pixels, target, signal, onProgress }) => {
        const map = await occlusion(classScore<Tensor4D>(net, target), {
          window: [window, window],
          stride: [Math.min(stride, window), Math.min(stride, window)],
          baseline,
          signal,
          onProgress,
        })(image);
        const title = `Fall of the score of ${target}`;
        const { pictures, values } = await pixelMap(pixels, map, { title, signed: true, opacity: 0.9 });
        const share = shareOnInk(values, pixels);
        const most = Math.max(...Array.from(values));
        return {
          pictures,
          facts: { share, most, chance: shareByChance(pixels) },
          answer: `The score falls by up to ${most.toFixed(1)}. ${sayShares(share, pixels)}`,
        };
      },
    }),
};
export default meta;

type Story = StoryObj<Args>;

/** What must be hidden for the net to lose sight of the digit? */
export const WhatIfHidden: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["most"]).toBeGreaterThan(1);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["chance"]));
    await expect(leaked).toBe(0);
  },
};
