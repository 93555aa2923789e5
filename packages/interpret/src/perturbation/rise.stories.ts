import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, seeded } from "../../stories/measures.ts";
import { perPixel } from "../../stories/programs/attribution-pictures.ts";
import { options, type Options, program } from "../../stories/programs/rise.ts";
import source from "../../stories/programs/rise.ts?raw";
import { classScore } from "../score/class-score.ts";
import { occlusion } from "./occlusion.ts";
import { rise } from "./rise.ts";

const meta: Meta<Options> = {
  title: "Attribution/RISE",
  argTypes: {
    ...chosenInStory,
    masks: range(50, 4000, 50),
    cells: range(2, 10),
    keep: range(0.1, 0.9, 0.1),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which regions are visible when the score is high?",
        formula:
          "1 / (N p) · Σ score(x · M) · M over N random masks M   (Petsiuk, Das and Saenko, 2018, eq. 6)",
        caveats:
          "It averages over masked images, which are unlike the training data. Few masks leave noise that looks like an answer, and all pixels share part of the score, so only differences count.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map }, { net, image, target, subject, signal }) => {
          const score = classScore<Tensor4D>(net, target);
          const { cells, keep } = args;
          const masks = Math.ceil(args.masks / 4);
          const fewer = await perPixel(
            await rise(score, { cells, keep, signal, masks, rng: seeded() })(image),
          );
          const side = Math.ceil(subject.shape[0] / cells);
          const square = (size: number) => [size, size] as const;
          const how = { window: square(side), stride: square(Math.ceil(side / 2)), signal };
          const hidden = await perPixel(await occlusion(score, how)(image));
          const agreement = correlation(map.data, hidden.data);
          const stability = correlation(map.data, fewer.data);
          return {
            facts: { agreement, stability },
            answer: `Correlation with the map of a quarter of the masks: ${stability.toFixed(2)}; with occlusion by a window of a cell's size: ${agreement.toFixed(2)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which regions are visible when the score is high? */
export const RandomMasks: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["stability"]).toBeGreaterThan(0.7);
    await expect(facts["agreement"]).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};
