import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { layerAt } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { sayShares, shareByChance, shareOnInk } from "../../stories/on-ink.ts";
import { besides, mapCode, perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { guidedGradCam } from "./guided-grad-cam.ts";

interface Args {
  layer: "first" | "last";
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Guided Grad-CAM",
  argTypes: { layer: controls.layer, opacity: controls.opacity, net: controls.net },
  args: { layer: "last", opacity: 0.9, net: "shapes" },
  render: ({ layer, opacity, net }, { id }) =>
    lab(
      {
        question: "Which edges does the net see where it looks?",
        formula:
          "guided backpropagation · Grad-CAM, brought to the picture's size   (Selvaraju et al., 2017)",
        caveats:
          "Its edges are those of guided backpropagation, which draws them whatever the net has learned: only where they are is the net's. It fails the sanity check.",
        net,
        code: (of, name) =>
          mapCode(
            `import { classScore, guidedGradCam } from "@pellucid/interpret";`,
            `const map = guidedGradCam(classScore(net, target), net.${layerAt(of, layer)[0]})(images);`,
            { title: `Edges for ${name}`, opacity },
          ),
        run: async (work) => {
          const { subject, net: model, image, pixels, target, name } = work;
          const [, at] = layerAt(subject, layer);
          const map = await perPlace(guidedGradCam(classScore<Tensor4D>(model, target), at)(image));
          const share = shareOnInk(map, subject, pixels);
          return {
            pictures: besides(work, map, { title: `Edges for ${name}`, signed: true, opacity }),
            facts: { share, chance: shareByChance(subject, pixels) },
            answer: sayShares(share, subject, pixels),
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Which edges, where it looks? Those of the star. */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(3 * Number(facts["chance"]));
    await expect(leaked).toBe(0);
  },
};
