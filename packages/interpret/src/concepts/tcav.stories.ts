import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { concepts, options, type Options, program } from "../../stories/programs/tcav.ts";
import source from "../../stories/programs/tcav.ts?raw";

const meta: Meta<Options> = {
  title: "Concepts/TCAV",
  argTypes: {
    concept: choice(Object.keys(concepts)),
    kind: choice(["circle", "square", "triangle", "star", "cross", "ring"]),
    randomConcepts: range(2, 10),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Does the model use this concept for this class?",
        formula:
          "share of the class's images with ∂score/∂h · v > 0,  v the normal between activations with the concept and others   (Kim et al., 2018, eq. 2)",
        caveats:
          "The vector is that of the images given for the concept, with whatever else they have in common. Any vector has some share: only the difference from random concepts counts.",
        net: "shapes",
        nets: ["shapes"],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ shares: [share = NaN, ...random], count }) => {
          const expected = random.reduce((a, b) => a + b, 0) / random.length;
          return {
            facts: { share, random: expected, spread: Math.max(...random) - Math.min(...random) },
            answer: `For ${percent(share)} of ${count} unseen images of ${args.kind}, more of “${args.concept}” raises the score; for random concepts it is ${percent(expected)} on average (${random.map(percent).join(", ")}).`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** For a cross, the concept “made of arms” raises the score. */
export const ArmsOfACross: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(0.8);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["random"]));
    await expect(leaked).toBe(0);
  },
};

/** For a circle it does not. */
export const NoArmsOfACircle: Story = {
  args: { kind: "circle" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeLessThan(0.2);
    await expect(leaked).toBe(0);
  },
};
