import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/style-transfer.ts";
import source from "../../stories/programs/style-transfer.ts?raw";

const meta: Meta<Options> = {
  title: "Style/Neural style transfer",
  argTypes: {
    ...chosenInStory,
    spots: range(0, 1, 0.05),
    waves: range(0, 1, 0.05),
    content: range(0, 1, 0.02),
    steps: range(20, 300, 20),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        slow: true,
        question: "Can an image keep its content and take the style of another?",
        formula:
          "min over x of α ‖φ(x) − φ(x₀)‖² / ‖φ(x₀)‖² + Σ over styles of β Σ over layers mean (G(x) − G(style))²   (Gatys, Ecker and Bethge, 2016)",
        caveats:
          "Style is here what random filters of four sizes respond to: colors, edges and their correlations; content is what the first block of the model responds to. What people call style is more.",
        nets: ["shapes"],
        net: "shapes",
        program: { run: program, source },
        options: args,
        report: ({ before, after, values }, { pixels }) => {
          const similarity = correlation(values.data, pixels);
          return {
            facts: { before, after, similarity },
            answer: `The distance in style fell to ${percent(after / before)}; the correlation with the original pixels is still ${similarity.toFixed(2)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A star in the style of waves. */
export const Waves: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(0.5 * Number(facts["before"]));
    await expect(facts["similarity"]).toBeGreaterThan(0.2);
    await expect(leaked).toBe(0);
  },
};

/** A star in two styles at once. */
export const TwoStyles: Story = {
  args: { spots: 0.5, waves: 0.5 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(0.95 * Number(facts["before"])); // no picture has both Gram matrices
    await expect(leaked).toBe(0);
  },
};
