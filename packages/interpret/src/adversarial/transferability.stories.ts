import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { attacks, options, type Options, program } from "../../stories/programs/transferability.ts";
import source from "../../stories/programs/transferability.ts?raw";

const meta: Meta<Options> = {
  title: "Adversarial examples/Transferability",
  argTypes: { attack: choice(Object.keys(attacks)), epsilon: range(0.02, 0.4, 0.02), epochs: range(2, 20) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        slow: true,
        question: "Do adversarial examples for one model fool another?",
        formula:
          "[A][B] = of the images that both models classify correctly, the share that B misclassifies once they were changed to fool A   (Szegedy et al., 2014, section 4.2)",
        caveats:
          "Models trained on the same data fool each other more than others would. Whether an image still looks like its digit is for you to judge: with a large ε it does not.",
        nets: ["digits"],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ fooled, accuracy }) => {
          const own = mean(fooled.map((row, i) => Number(row[i])));
          const across = mean(fooled.flatMap((row, i) => row.filter((_, j) => j !== i)));
          return {
            facts: { own, across, accuracy: Math.min(...accuracy) },
            answer: `On average a model is fooled by ${percent(own)} of the examples made for it, and by ${percent(across)} of those made for another. On unchanged images the three have accuracies of ${accuracy.map(percent).join(", ")}.`,
          };
        },
      },
      id,
    ),
};

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
export default meta;

type Story = StoryObj<Options>;

/** Examples made for one model fool another less often than their own, but far more often than by chance. */
export const ThreeModels: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["accuracy"]).toBeGreaterThan(0.85);
    await expect(facts["own"]).toBeGreaterThan(Number(facts["across"]));
    await expect(facts["across"]).toBeGreaterThan(0.1);
    await expect(leaked).toBe(0);
  },
};

/** Small perturbations transfer less. */
export const SmallPerturbation: Story = {
  args: { epsilon: 0.04, attack: "fgsm" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["across"]).toBeLessThan(0.2);
    await expect(leaked).toBe(0);
  },
};
