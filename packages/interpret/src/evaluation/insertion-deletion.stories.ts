import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { methods, options, type Options, program } from "../../stories/programs/insertion-deletion.ts";
import source from "../../stories/programs/insertion-deletion.ts?raw";
import type { Curve } from "./insertion-deletion.ts";

const meta: Meta<Options> = {
  title: "Evaluation/Insertion and deletion",
  argTypes: {
    ...chosenInStory,
    method: choice(Object.keys(methods)),
    against: choice(Object.keys(methods)),
    step: range(1, 32),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does the score drop when the pixels that the map ranks highest are removed?",
        formula:
          "area under score(x without its highest-ranked pixels), and under score(only these), over fractions of pixels   (Petsiuk, Das and Saenko, 2018, section 4.1)",
        caveats:
          "Images with removed pixels are unlike the training data: the score can drop because of the holes. A faithful map can lose to one that finds what breaks the model.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ ours, theirs }) => {
          const area = (curve: Curve) => Number(curve.area[0]);
          const [deletion, otherDeletion] = [area(ours.deletion), area(theirs.deletion)];
          const [insertion, otherInsertion] = [area(ours.insertion), area(theirs.insertion)];
          return {
            facts: { deletion, otherDeletion, insertion, otherInsertion },
            answer: `Mean score during deletion: ${deletion.toFixed(2)}, by the other order ${otherDeletion.toFixed(2)}; during insertion: ${insertion.toFixed(2)} and ${otherInsertion.toFixed(2)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Integrated gradients rank pixels better than a random order. */
export const AgainstRandom: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["deletion"]).toBeLessThan(Number(facts["otherDeletion"]));
    await expect(facts["insertion"]).toBeGreaterThan(Number(facts["otherInsertion"]));
    await expect(leaked).toBe(0);
  },
};

/** Shapley values rank pixels better than the gradient: they are themselves computed by hiding pixels. */
export const ShapleyAgainstTheGradient: Story = {
  ...AgainstRandom,
  args: { method: "shapley", against: "saliency" },
};
