import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { chosenInStory, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { gainOverBlack } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/integrated-gradients.ts";
import source from "../../stories/programs/integrated-gradients.ts?raw";
import { total } from "../../stories/total.ts";
import { classScore } from "../score/class-score.ts";

const meta: Meta<Options> = {
  title: "Attribution/Integrated gradients",
  argTypes: { ...chosenInStory, steps: range(1, 128), opacity: controls.opacity },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much does each pixel contribute to the score?",
        formula:
          "(x − x₀) · ∫₀¹ ∂score(x₀ + α(x − x₀))/∂x dα;  its sum is score(x) − score(x₀)   (Sundararajan et al., 2017, eq. 1)",
        caveats:
          "Contributions are relative to a black image: pixels that are black contribute nothing, even if it matters that they are black. Another baseline gives another map.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map }, { net, image, target }) => {
          const gained = await gainOverBlack(classScore<Tensor4D>(net, target), image);
          const sum = total(map.data);
          return {
            facts: { error: Math.abs(sum - gained) / Math.abs(gained) },
            answer: `The contributions add up to ${sum.toFixed(3)}; the score is ${gained.toFixed(3)} above that of a black image.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** How much does each pixel contribute to the score? */
export const Completeness: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked, backend, milliseconds } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeLessThan(0.02);
    await expect(leaked).toBe(0);
    if (backend === "wasm") await expect(milliseconds).toBeLessThan(5000); // the machine may be busy with other things
  },
};

/** With one step, the contributions do not add up. */
export const TooFewSteps: Story = {
  args: { steps: 1, net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["error"]).toBeGreaterThan(0.02);
    await expect(leaked).toBe(0);
  },
};
