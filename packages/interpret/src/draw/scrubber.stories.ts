import { encodeEmbedding, EventFile } from "@pellucid/core-train/tensorboard";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, fireEvent } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { forTensorBoard } from "../../stories/for-tensorboard.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/features-by-epoch.ts";
import source from "../../stories/programs/features-by-epoch.ts?raw";

const meta: Meta<Options> = {
  title: "Training/Features by epoch",
  argTypes: {
    epochs: range(1, 12),
    learningRate: range(0.0005, 0.02, 0.0005),
    steps: range(100, 400, 50),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        slow: true,
        question: "When do the hidden features of a class cluster during training?",
        formula:
          "t-SNE of the input of the last layer, after each epoch; each map is aligned with the one before it (Procrustes), and all are drawn over one range",
        caveats:
          "Each digit is at a random position of a black image, so that pixels alone do not separate them; with centered digits even an untrained model seems to know them. That a group moves from one epoch to the next says nothing; that it contracts or splits does. How large groups are says little.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ found, labels, labelImages }) => {
          const log = new EventFile();
          const embeddings = found.map(({ features, sameLabel }, step) => {
            const numbers = { data: Float32Array.from(features.data), shape: features.shape };
            log.addScalar("same label", sameLabel, step);
            log.addHistogram("features", numbers, step);
            const how = { tag: `epoch ${step}`, metadata: labels, labelImages, step };
            return encodeEmbedding(numbers, how);
          });
          const [before, after] = [Number(found[0]?.sameLabel), Number(found.at(-1)?.sameLabel)];
          return {
            extras: [forTensorBoard(log, embeddings)],
            facts: { before, after, maps: found.length },
            answer: `Before training ${percent(before)} of the five nearest points on the map are the same digit, after ${args.epochs} epochs ${percent(after)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Groups form during training: move the slider from epoch to epoch. */
export const DuringTraining: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeGreaterThan(0.5);
    await expect(facts["before"]).toBeLessThan(0.25); // 0.1 by chance
    await expect(facts["maps"]).toBe(9);
    await expect(leaked).toBe(0);
    const slider = canvasElement.querySelector<HTMLInputElement>(".pictures input[type=range]");
    await fireEvent.input(slider as HTMLInputElement, { target: { value: "0" } });
    await expect(slider?.getAttribute("aria-valuetext")).toBe("before training");
    await fireEvent.input(slider as HTMLInputElement, { target: { value: "8" } });
  },
};
