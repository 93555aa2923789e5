import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/feature-maps.ts";
import source from "../../stories/programs/feature-maps.ts?raw";

const meta: Meta<Options> = {
  title: "Inside the model/Feature maps",
  argTypes: { ...chosenInStory, scale: choice(["unit", "layer", "model"]) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What does each layer respond to in the image?",
        formula: "Aₖ(x), channel k of a layer's output at each position",
        caveats:
          "A bright map is not an important one: what later layers do with it does not show. One scale for a layer hides its weak channels, one for the model its weak layers; with one for each unit, a map that is almost 0 looks like any other. Outputs before a ReLU have signs; what is blue becomes 0 after it.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ maps }) => {
          const { data, shape } = maps.at(-1)?.values ?? { data: [], shape: [] };
          const [count, , width] = [Number(shape[0]), Number(shape[1]), Number(shape[2])];
          const negative = Array.from(data).filter((v) => v < 0).length / data.length;
          return {
            facts: { layers: maps.length, width, count, negative },
            answer: `${maps.length} layers have feature maps; the last one has ${count} of ${width} × ${width} positions.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The feature maps of a digit. */
export const OfADigit: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ layers: 2, count: 20, width: 8 });
    await expect(canvasElement.querySelectorAll("figure")).toHaveLength(3);
    await expect(leaked).toBe(0);
  },
};

/** Those of a shape in color: after the last ReLU nothing is negative. */
export const OfAShape: Story = {
  args: { net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ layers: 4, count: 64, width: 8, negative: 0 });
    await expect(leaked).toBe(0);
  },
};

/** Scaled for each channel: weak ones show too. */
export const ScaledPerChannel: Story = {
  args: { scale: "unit" },
  play: async ({ canvasElement }) => {
    const { pictures, leaked } = await answerOf(canvasElement);
    await expect(pictures.at(-1)?.textContent).toContain("each in shares of its largest");
    await expect(leaked).toBe(0);
  },
};
