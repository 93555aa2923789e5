import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { gainOverBlack } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, mapCode, perPlace, total } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { integratedGradients } from "./integrated-gradients.ts";

interface Args {
  steps: number;
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Integrated gradients",
  argTypes: { steps: range(1, 128), opacity: controls.opacity, net: controls.net },
  args: { steps: 32, opacity: 0.9, net: "digits" },
  render: ({ steps, opacity, net }, { id }) =>
    lab(
      {
        question: "How many points of the score does each pixel bring?",
        formula:
          "(x − x₀) · ∫₀¹ ∂score(x₀ + α(x − x₀))/∂x dα;  its sum is score(x) − score(x₀)   (Sundararajan et al., 2017, eq. 1)",
        caveats:
          "Points are counted from a black picture: what is black in both can bring nothing, even if its being black matters. Another baseline gives another map.",
        net,
        code: (_, name) =>
          mapCode(
            `import { classScore, integratedGradients } from "@pellucid/interpret";`,
            `const map = await integratedGradients(classScore(net, target), { steps: ${steps} })(images);`,
            { title: `Points for ${name}`, opacity },
          ),
        run: async (work) => {
          const { net: model, image, target, name, signal, onProgress } = work;
          const score = classScore<Tensor4D>(model, target);
          const map = await perPlace(await integratedGradients(score, { steps, signal, onProgress })(image));
          const gained = await gainOverBlack(score, image);
          const sum = total(map.data);
          return {
            pictures: besides(work, map, { title: `Points for ${name}`, signed: true, opacity }),
            facts: { error: Math.abs(sum - gained) / Math.abs(gained) },
            answer: `The pixels' points add up to ${sum.toFixed(3)}; the score is ${gained.toFixed(3)} above that of a black picture.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** How many points of the score does each pixel bring? */
export const HowManyPoints: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked, backend, milliseconds } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(0.02);
    await expect(leaked).toBe(0);
    if (backend === "wasm") await expect(milliseconds).toBeLessThan(5000); // the machine may be busy with other things
  },
};

/** Does one step tell the whole? No: its sum is off by more. */
export const TooFewSteps: Story = {
  args: { steps: 1, net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeGreaterThan(0.02);
    await expect(leaked).toBe(0);
  },
};
