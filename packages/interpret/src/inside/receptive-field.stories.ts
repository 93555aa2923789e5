import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/receptive-field.ts";
import source from "../../stories/programs/receptive-field.ts?raw";

const meta: Meta<Options> = {
  title: "Inside the model/Receptive field over a picture",
  argTypes: { ...chosenInStory, layer: range(0, 3), down: range(0, 1, 0.05), across: range(0, 1, 0.05) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How much of the picture does one position of a layer see?",
        formula:
          "influence of a pixel = mean over random pictures of Σ |∂ y[row, column] ÷ ∂ pixel|, with every activation taken as the identity   (Luo, Li, Urtasun and Zemel, 2016)",
        caveats:
          "The field says what a position can see, not what it looks at in this picture: activations hide a part of it. At the border of the picture the field is cut off. The middle counts most, since more paths lead from there.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ path, field, inside, outside, core }, { subject: { shape } }) => {
          const isRight = outside === 0 && inside > 0;
          return {
            facts: {
              height: field.height,
              width: field.width,
              top: field.top,
              left: field.left,
              inside,
              outside,
            },
            answer: `This position of ${path} sees ${field.height} × ${field.width} of ${shape[0]} × ${shape[1]} pixels; half of the influence is in ${Math.max(1, Math.round(100 * core))} % of the picture.`,
            verdict: {
              passed: isRight,
              says: isRight
                ? `All pixels outside of it were inverted: the position stays what it is. Those inside change it by up to ${inside.toFixed(2)}.`
                : `All pixels outside of it were inverted, and the position changed by ${outside.toPrecision(2)}.`,
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A position in the middle of the first block. */
export const InTheMiddle: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["outside"]).toBe(0);
    await expect(Number(facts["inside"])).toBeGreaterThan(0);
    await expect(Number(facts["height"])).toBeLessThan(20);
    await expect(leaked).toBe(0);
  },
};

/** The corner of the picture cuts the field off. */
export const InTheCorner: Story = {
  args: { down: 0, across: 0 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toMatchObject({ top: 0, left: 0, outside: 0 });
    await expect(leaked).toBe(0);
  },
};

/** Each layer sees more than the one before it. */
export const OfALaterLayer: Story = {
  args: { layer: 3 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["outside"]).toBe(0);
    await expect(Number(facts["height"])).toBeGreaterThan(20);
    await expect(leaked).toBe(0);
  },
};
