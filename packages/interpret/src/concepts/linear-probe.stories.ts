import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/linear-probe.ts";
import source from "../../stories/programs/linear-probe.ts?raw";

const meta: Meta<Options> = {
  title: "Concepts/Linear probes",
  argTypes: { steps: range(20, 300, 20), net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "From which layer on can a linear classifier read the class?",
        formula:
          "held-out accuracy of softmax(W h + b), compared with that for shuffled labels   (Alain and Bengio, 2016; Hewitt and Liang, 2019)",
        caveats:
          "What a probe can read need not be used by the model. A probe with many features fits shuffled labels too, hence the control.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ accuracy, control }) => {
          const [first, last] = [Number(accuracy[0]), Number(accuracy.at(-1))];
          const shuffled = Number(control.at(-1));
          return {
            facts: { first, last, control: shuffled },
            answer: `From the spatial means of the last layer, ${percent(last)} of the classes can be read; from the image's mean color ${percent(first)}; with shuffled labels ${percent(shuffled)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** From which layer on can the shape be read? */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["last"]).toBeGreaterThan(0.9);
    await expect(facts["first"]).toBeLessThan(0.5);
    await expect(facts["control"]).toBeLessThan(0.4);
    await expect(leaked).toBe(0);
  },
};
