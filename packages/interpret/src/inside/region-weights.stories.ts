import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/region-weights.ts";
import source from "../../stories/programs/region-weights.ts?raw";

const meta: Meta<Options> = {
  title: "Inside the model/RoIAlign's bilinear weights",
  argTypes: { scene: range(0, 39), row: range(0, 2), column: range(0, 2), samples: range(1, 4) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which cells of a feature map does one bin of a region read?",
        formula:
          "bin = mean over its samples of Σ max(0, 1 − |x − i|) · max(0, 1 − |y − j|) · map[j, i]   (He et al., 2017)",
        caveats:
          "The map is the picture at a quarter of its size, so that its numbers can be recognized; in a detector it is the output of a backbone. Regions get no gradient: a detector learns its boxes by another loss.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ given, byHand, total, cells, alignSteps, poolSteps }) => {
          const agrees = Math.abs(given - byHand) < 1e-5;
          return {
            facts: { difference: Math.abs(given - byHand), total, cells, alignSteps, poolSteps },
            answer: `The bin reads ${cells} cells, whose weights add up to ${total.toFixed(3)}. While the region moves by one cell in 20 steps, RoIAlign gives ${alignSteps} different numbers and RoIPool ${poolSteps}.`,
            verdict: {
              passed: agrees,
              says: agrees
                ? `The weights times the map are what the layer gives: ${given.toFixed(4)}.`
                : `The weights times the map are ${byHand.toFixed(4)}, and the layer gives ${given.toFixed(4)}.`,
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Two samples along each axis. */
export const FourSamples: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["difference"]).toBeLessThan(1e-5);
    await expect(Math.abs(Number(facts["total"]) - 1)).toBeLessThan(1e-5);
    await expect(facts["alignSteps"]).toBeGreaterThan(Number(facts["poolSteps"]));
    await expect(leaked).toBe(0);
  },
};

/** One sample reads at most four cells. */
export const OneSample: Story = {
  args: { samples: 1 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["cells"]).toBeLessThanOrEqual(4);
    await expect(Math.abs(Number(facts["total"]) - 1)).toBeLessThan(1e-5);
    await expect(leaked).toBe(0);
  },
};
