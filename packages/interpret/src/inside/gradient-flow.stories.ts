import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { forTensorBoard } from "../../stories/for-tensorboard.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/training.ts";
import source from "../../stories/programs/training.ts?raw";

const meta: Meta<Options> = {
  title: "Training/Training in the page",
  argTypes: {
    epochs: range(1, 20),
    learningRate: range(0.0005, 0.05, 0.0005),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How does a model learn to read digits?",
        formula:
          "w ← w − Adam(∂loss/∂w);  flow: ‖∂loss/∂w‖ / ‖w‖ of each parameter, with a warning where it vanishes or explodes",
        caveats:
          "This is one seed: another may learn faster or slower. The loss that is drawn is that of the training batches; what counts is the accuracy on unseen digits.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ loss, accuracy: accuracies, flows, log }) => {
          const alarms = flows.at(-1)?.filter(({ alarm }) => alarm !== null) ?? [];
          const [first, last] = [Number(loss[0]), Number(loss.at(-1))];
          const accuracy = Number(accuracies.at(-1));
          return {
            extras: [forTensorBoard(log)],
            facts: { first, last, accuracy, alarms: alarms.length },
            answer: `After ${args.epochs} epochs the accuracy on 450 unseen digits is ${percent(accuracy)}; the loss fell from ${first.toFixed(2)} to ${last.toFixed(2)}.`,
            verdict: {
              passed: alarms.length === 0,
              says:
                alarms.length === 0
                  ? "No gradient vanishes or explodes."
                  : alarms.map(({ path, alarm }) => `${path}: ${alarm}`).join("; "),
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A model trained from its initial weights. */
export const FromScratch: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeGreaterThan(2); // near log 10
    await expect(facts["accuracy"]).toBeGreaterThan(0.85);
    await expect(facts["alarms"]).toBe(0);
    await expect(leaked).toBe(0);
    await expect(canvasElement.querySelector(".pictures button:only-child")).toHaveTextContent("TensorBoard");
  },
};
