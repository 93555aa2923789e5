import type { Meta, StoryObj } from "@storybook/html-vite";
import { slice, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { firstUnseen } from "../../stories/nets/first-unseen.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import { options, type Options, program } from "../../stories/programs/class-visualization.ts";
import source from "../../stories/programs/class-visualization.ts?raw";

const meta: Meta<Options> = {
  title: "Feature visualization/Class visualization",
  argTypes: {
    ...chosenInStory,
    steps: range(10, 400, 10),
    roughness: range(0, 0.2, 0.01),
    jitter: range(0, 4),
    basis: choice(["pixels", "waves"]),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which image maximizes the score of this class?",
        formula:
          "max over x of score(x) − λ Σ |neighbors' difference|, from noise, by Adam, with a random shift in each step   (Simonyan et al., 2014, section 2; Olah et al., 2017)",
        caveats:
          "Such images are in no data set. Their smoothness (total variation, shifts, low frequencies) comes from our regularization, not from the model.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ scored }, { subject, target, name }) => {
          const best = await bestScore(subject, target);
          return {
            facts: { reached: scored, best },
            answer: `The optimized image scores ${scored.toFixed(1)} for ${name}; the best unseen one ${best.toFixed(1)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** An image that scores higher as a 3 than any unseen digit. */
export const AThree: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["reached"]).toBeGreaterThan(Number(facts["best"]));
    await expect(leaked).toBe(0);
  },
};

/** A star, optimized in frequencies. */
export const AStar: Story = {
  ...AThree,
  args: { net: "shapes", basis: "waves", steps: 60, roughness: 0 },
};

/** The highest score of an unseen image. */
async function bestScore(subject: Subject, target: number): Promise<number> {
  const { images } = await firstUnseen(subject, 100);
  const scores = await take(tidy(() => slice(subject.model.forward(images), [0, target], [-1, 1])));
  images.dispose();
  return Math.max(...scores);
}
