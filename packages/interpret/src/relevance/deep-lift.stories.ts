import type { Meta, StoryObj } from "@storybook/html-vite";
import { fill, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace, total } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { deepLift } from "./deep-lift.ts";

interface Args {
  baseline: number;
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/DeepLIFT",
  argTypes: { baseline: range(0, 1, 0.1), opacity: controls.opacity, net: controls.net },
  args: { baseline: 0, opacity: 0.9, net: "digits" },
  render: ({ baseline, opacity, net }, { id }) =>
    lab(
      {
        question: "What does each pixel bring, counted from a picture of one gray?",
        formula:
          "(x − x₀) · multipliers;  through an activation Δout / Δin instead of its slope; the sum is score(x) − score(x₀)   (Shrikumar et al., 2017, section 3.5.1)",
        caveats:
          "All is counted from the baseline: what is like it can bring nothing. Another gray gives another map, and none of them is the picture's own.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, deepLift } from "@pellucid/interpret";`,
            `const map = deepLift(classScore(net, target), { baseline: ${baseline} })(images);`,
            { title: `Points for ${name}`, opacity },
          ),
        run: async (work) => {
          const { net: model, image, target, name } = work;
          const score = classScore<Tensor4D>(model, target);
          const map = await perPlace(deepLift(score, { baseline })(image));
          const gray = fill(image.shape, baseline) as Tensor4D;
          const gained = (await scoreOf(score, image)) - (await scoreOf(score, gray));
          gray.dispose();
          const sum = total(map.data);
          return {
            pictures: besides(work, map, { title: `Points for ${name}`, signed: true, opacity }),
            facts: { error: Math.abs(sum - gained), gained },
            answer: `The pixels' points add up to ${sum.toFixed(4)}; the score is ${gained.toFixed(4)} above that of the gray picture.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What does each pixel bring, counted from a black picture? */
export const FromBlack: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(1e-3 * Math.max(1, Math.abs(Number(facts["gained"]))));
    await expect(leaked).toBe(0);
  },
};

/** And counted from a gray one? The sum is right again, the map is another. */
export const FromGray: Story = { ...FromBlack, args: { baseline: 0.5 } };

/** Of a net with pools after its convolutions? */
export const ThroughPools: Story = { ...FromBlack, args: { net: "mnist" } };
