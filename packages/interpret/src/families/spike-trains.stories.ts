import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/spike-trains.ts";
import source from "../../stories/programs/spike-trains.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Spiking network",
  argTypes: {
    beta: range(0, 1, 0.05),
    timeSteps: range(5, 40, 5),
    digit: range(0, 100),
    epochs: range(1, 10),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How does a network decide by spikes?",
        formula:
          "mem ← β mem + W spikes + b − reset · threshold, a spike where mem > threshold; gradients through the arctangent   (Fang et al., 2021; Eshraghian et al., 2023)",
        caveats:
          "A pixel's brightness is the probability of its spike at each time step, so that another draw may give another answer. The additions are counted, not the energy of a chip: reading weights and membranes costs more than adding them.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ says, label, spikes, work }) => {
          const share = work.synapticOperations / work.denseOperations;
          return {
            facts: { says, label, spikes, share },
            answer: `Class ${says} spiked most, ${spikes} times; the digit is a ${label}. Spikes caused ${work.synapticOperations} additions, ${(100 * share).toFixed(0)} % of those of a dense input.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The right class spikes most, and most inputs cause no work. */
export const ADigit: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["says"]).toBe(facts["label"]);
    await expect(facts["spikes"]).toBeGreaterThan(2);
    await expect(facts["share"]).toBeLessThan(0.5);
    await expect(leaked).toBe(0);
  },
};
