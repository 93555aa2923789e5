import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/top-activations.ts";
import source from "../../stories/programs/top-activations.ts?raw";
import type { TopActivation } from "./top-activations.ts";

const meta: Meta<Options> = {
  title: "Feature visualization/Top activations",
  argTypes: { unit: range(0, 63), count: range(1, 24), layer: controls.layer, net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which images activate this unit most?",
        formula:
          "the images x of a data set with the largest max over positions of Aₖ(x)   (Girshick et al., 2014, section 3.1)",
        caveats:
          "The strongest few say nothing of the many images with moderate activations. What they have in common to us need not be what the unit responds to.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ units, top, labels, path }, { subject }) => {
          const purity = meanPurity(units, labels);
          const uniform = 1 / subject.classes.length;
          return {
            facts: {
              sorted: top.every(({ value }, i) => i === 0 || value <= Number(top[i - 1]?.value)),
              purity,
              uniform,
            },
            answer: `On average over the ${units.length} units of ${path}, ${percent(purity)} of a unit's strongest images are of one class; of random images about ${percent(uniform)} would be.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Units of the last layer respond mostly to shapes of one class. */
export const LastLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["sorted"]).toBe(true);
    await expect(facts["purity"]).toBeGreaterThan(3 * Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};

/** The share of a unit's images that are of its most frequent class, averaged over units. */
function meanPurity(units: readonly (readonly TopActivation[])[], labels: readonly number[]): number {
  const purityOf = (list: readonly TopActivation[]) => {
    const counts = new Map<number, number>();
    for (const { example } of list) {
      const label = Number(labels[example]);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return Math.max(...counts.values()) / list.length;
  };
  return units.reduce((sum, list) => sum + purityOf(list), 0) / units.length;
}
