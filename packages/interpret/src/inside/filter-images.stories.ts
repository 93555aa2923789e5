import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/first-layer-filters.ts";
import source from "../../stories/programs/first-layer-filters.ts?raw";

const meta: Meta<Options> = {
  title: "Inside the model/First-layer filters",
  argTypes: { unit: range(0, 15), net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which patterns do the filters of the first layer detect?",
        formula:
          "wₖ, the kernel of channel k: of all patches of length 1, wₖ / ‖wₖ‖ has the largest response",
        caveats:
          "Only the filters of the first layer are images of what they detect; those of later layers weight feature maps, not pixels. A filter does not show how often it responds.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ which, filter, patch, field }, { subject: { shape } }) => {
          const similarity = correlation(filter, patch);
          return {
            facts: { similarity, sees: field.height, of: shape[0] },
            answer: `The optimal patch for filter ${which} is the filter itself (correlation ${similarity.toFixed(3)}). A position of the last layer depends on ${field.height} × ${field.width} of ${shape[0]} × ${shape[1]} pixels.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The optimal patch for a filter is the filter itself. */
export const OfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.99);
    await expect(facts["sees"]).toBe(14); // 5, doubled by the pool: 5 + 1 + 2 · 4
    await expect(leaked).toBe(0);
  },
};

/** In color: with strides, the last layer depends on nearly all of the image. */
export const InColor: Story = {
  args: { net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.99);
    await expect(facts["sees"]).toBeGreaterThan(20);
    await expect(leaked).toBe(0);
  },
};
