import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, seeded } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { occlusion } from "./occlusion.ts";
import { rise } from "./rise.ts";

interface Args {
  masks: number;
  cells: number;
  keep: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/RISE",
  argTypes: {
    masks: range(50, 4000, 50),
    cells: range(2, 10),
    keep: range(0.1, 0.9, 0.1),
    net: controls.net,
  },
  args: { masks: 500, cells: 4, keep: 0.5, net: "digits" },
  render: ({ masks, cells, keep, net }, { id }) =>
    lab(
      {
        question: "Which parts are seen whenever the net is sure?",
        formula:
          "1 / (N p) · Σ score(x · M) · M over N random masks M   (Petsiuk, Das and Saenko, 2018, eq. 6)",
        caveats:
          "It is an average over pictures with holes, which the net has never seen. Few masks leave noise that looks like an answer; and all places share a part of the score, so only differences count.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, rise } from "@pellucid/interpret";`,
            `const how = { rng: new Rng(0), masks: ${masks}, cells: ${cells}, keep: ${keep} };
const map = await rise(classScore(net, target), how)(images);`,
            { title: `RISE for ${name}`, opacity: 0.9 },
          ),
        run: async (work) => {
          const { net: model, image, target, name, subject, signal, onProgress } = work;
          const score = classScore<Tensor4D>(model, target);
          const options = { masks, cells, keep, signal };
          const map = await perPlace(await rise(score, { ...options, rng: seeded(), onProgress })(image));
          const again = await perPlace(
            await rise(score, { ...options, masks: Math.ceil(masks / 4), rng: seeded() })(image),
          );
          const side = Math.ceil(subject.shape[0] / cells);
          const hidden = await perPlace(
            await occlusion(score, {
              window: [side, side],
              stride: [Math.ceil(side / 2), Math.ceil(side / 2)],
              signal,
            })(image),
          );
          const alike = correlation(map.data, hidden.data);
          const steady = correlation(map.data, again.data);
          return {
            pictures: besides(work, map, { title: `RISE for ${name}`, signed: true, opacity: 0.9 }),
            facts: { alike, steady },
            answer: `With a quarter of the masks the map is the same to ${steady.toFixed(2)}; with hiding a window of a cell's size it agrees to ${alike.toFixed(2)} (correlations).`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Which parts are seen whenever the net is sure? */
export const SeenThroughMasks: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["steady"]).toBeGreaterThan(0.7);
    await expect(facts["alike"]).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};
