import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { sayShares, shareByChance, shareOnInk } from "../../stories/on-ink.ts";
import { besides, mapCode, perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { occlusion } from "./occlusion.ts";

interface Args {
  window: number;
  stride: number;
  baseline: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Occlusion",
  argTypes: { window: range(1, 12), stride: range(1, 4), baseline: range(0, 1, 0.1), net: controls.net },
  args: { window: 2, stride: 1, baseline: 0, net: "digits" },
  render: ({ window, stride, baseline, net }, { id }) =>
    lab(
      {
        question: "What must be hidden for the net to lose sight of it?",
        formula:
          "score(x) − score(x with a window hidden), averaged over the windows that hide a place   (Zeiler and Fergus, 2014, section 4.2)",
        caveats:
          "A hidden window is a picture that the net has never seen, and black is also the color of the ground: hiding what is black changes nothing. Two parts that say the same are both shown as unimportant, since hiding one leaves the other.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, occlusion } from "@pellucid/interpret";`,
            `const hide = { window: [${window}, ${window}], stride: [${Math.min(stride, window)}, ${Math.min(stride, window)}], baseline: ${baseline} } as const;
const map = await occlusion(classScore(net, target), hide)(images);`,
            { title: `Fall of the score of ${name}`, opacity: 0.9, over: "mean" },
          ),
        run: async (work) => {
          const { subject, net: model, image, pixels, target, name, signal, onProgress } = work;
          const step = Math.min(stride, window);
          const map = await perPlace(
            await occlusion(classScore<Tensor4D>(model, target), {
              window: [window, window],
              stride: [step, step],
              baseline,
              signal,
              onProgress,
            })(image),
            "mean",
          );
          const share = shareOnInk(map, subject, pixels);
          const most = Math.max(...Array.from(map.data));
          return {
            pictures: besides(work, map, {
              title: `Fall of the score of ${name}`,
              signed: true,
              opacity: 0.9,
            }),
            facts: { share, most, chance: shareByChance(subject, pixels) },
            answer: `The score falls by up to ${most.toFixed(1)}. ${sayShares(share, subject, pixels)}`,
          };
        },
      },
      id,
    ),
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

/** And of a shape in color? */
export const WhichPartOfTheShape: Story = { ...WhatIfHidden, args: { net: "shapes", window: 6, stride: 3 } };
