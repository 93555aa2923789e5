import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { count, options, type Options, program, sizes } from "../../stories/programs/adversarial-training.ts";
import source from "../../stories/programs/adversarial-training.ts?raw";

const meta: Meta<Options> = {
  title: "Adversarial examples/Adversarial training",
  argTypes: { epsilon: range(0.02, 0.3, 0.02), epochs: range(1, 10), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        slow: true,
        question: "Does training on adversarial examples make a model more robust?",
        formula:
          "min over w of E max over |δ| ≤ ε of loss(f_w(x + δ), y)   (Madry et al., 2018, equation 2.1); in training the inner maximum is one step of FGSM, in the test ten of PGD",
        caveats:
          "More robust to this attack, within this distance: another attack may do better, and a larger change will. Larger models lose accuracy on unchanged images; here that does not show.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ plain, adversarial }) => {
          const at = (accuracies: readonly number[], size: number) => Number(accuracies[sizes.indexOf(size)]);
          return {
            facts: {
              plain: at(plain, 0.12),
              hard: at(adversarial, 0.12),
              plainClean: at(plain, 0),
              hardClean: at(adversarial, 0),
            },
            answer: `On ${count} unseen digits, changed by at most 0.12, the accuracy is ${percent(at(plain, 0.12))} after standard training and ${percent(at(adversarial, 0.12))} after adversarial training; unchanged ${percent(at(plain, 0))} and ${percent(at(adversarial, 0))}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** After adversarial training the model is fooled much less often. */
export const AdversarialTraining: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["hard"]).toBeGreaterThan(0.15 + Number(facts["plain"]));
    await expect(facts["hardClean"]).toBeGreaterThan(0.8);
    await expect(leaked).toBe(0);
  },
};
