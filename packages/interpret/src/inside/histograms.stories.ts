import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/histograms.ts";
import source from "../../stories/programs/histograms.ts?raw";
import { total } from "../../stories/total.ts";

const questions: Readonly<Record<Options["of"], string>> = {
  weights: "How large are the model's weights?",
  activations: "How large are the layers' outputs?",
};

const meta: Meta<Options> = {
  title: "Inside the model/Histograms",
  argTypes: { of: choice(["weights", "activations"]), bins: range(5, 60), net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: questions[args.of],
        formula:
          "how many values lie in each of the bins from the least to the largest, with NaN, infinite and 0 counted apart",
        caveats:
          "Outliers are few and hardly visible, though they may matter most. A unit that is dead for these images may respond to others.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ found, size, last, dead }) => {
          const broken = total(found.map(({ notANumber, infinite }) => notANumber + infinite));
          return {
            facts: {
              broken,
              lost: size - total(found.map(({ counts }) => total(counts))),
              dead: dead.length,
              widest: Math.max(...found.map(({ deviation }) => deviation)),
            },
            answer: `${size} values, ${broken} of them NaN or infinite; ${dead.length} units of ${last} are dead for 64 unseen images.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** All weights are finite, and each is counted once. */
export const OfWeights: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ broken: 0, lost: 0 });
    await expect(facts["widest"]).toBeGreaterThan(0.01);
    await expect(leaked).toBe(0);
  },
};

/** The activations for 64 unseen images; few units are dead. */
export const OfActivations: Story = {
  args: { of: "activations", net: "mnist" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ broken: 0, lost: 0 });
    await expect(facts["dead"]).toBeLessThanOrEqual(2); // of 20
    await expect(leaked).toBe(0);
  },
};
