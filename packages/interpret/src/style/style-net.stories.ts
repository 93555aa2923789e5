import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation } from "../../stories/measures.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/fast-style-transfer.ts";
import source from "../../stories/programs/fast-style-transfer.ts?raw";
import { textures } from "../../stories/textures.ts";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Style/Fast style transfer",
  argTypes: {
    ...chosenInStory,
    style: choice(Object.keys(textures)),
    content: range(0, 0.2, 0.01),
    steps: range(10, 300, 10),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Can a network learn one style, so that one forward pass transfers it?",
        formula:
          "min over w of E over images x of Σ over layers mean (G(f_w(x)) − G(style))² + α ‖φ(f_w(x)) − φ(x)‖² / ‖φ(x)‖²   (Johnson, Alahi and Fei-Fei, 2016)",
        caveats:
          "The network has learned one style on images of one kind; its results for others are arbitrary. It starts from weights that copy images. In a training of seconds it learns the style's colors and edges, hardly its pattern: from a uniform region it cannot make one.",
        nets: ["shapes"],
        net: "shapes",
        example: 4,
        program: { run: program, source },
        options: args,
        report: ({ before, after, losses, values }, { pixels }) => {
          const similarity = correlation(brightness(values.data), brightness(pixels));
          return {
            facts: { before, after, similarity, first: Number(losses[0]), last: Number(losses.at(-1)) },
            answer: `In one forward pass the distance in style fell to ${percent(after / before)}; the correlation with the original brightness is still ${similarity.toFixed(2)}.`,
          };
        },
      },
      id,
    ),
};

const brightness = (data: ArrayLike<number>): number[] =>
  Array.from({ length: data.length / 3 }, (_, i) => total([0, 1, 2].map((c) => Number(data[3 * i + c]))) / 3);
export default meta;

type Story = StoryObj<Options>;

/** A network that stylizes shapes as waves. */
export const Waves: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["last"]).toBeLessThan(0.8 * Number(facts["first"]));
    await expect(facts["after"]).toBeLessThan(0.7 * Number(facts["before"]));
    await expect(facts["similarity"]).toBeGreaterThan(0.25); // the shape is still recognizable
    await expect(leaked).toBe(0);
  },
};
