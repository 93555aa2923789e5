import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import { options, type Options, program } from "../../stories/programs/patch-attention.ts";
import source from "../../stories/programs/patch-attention.ts?raw";
import { total } from "../../stories/total.ts";

const formulas: Readonly<Record<Options["view"], string>> = {
  heads: "A = softmax(Q Kᵀ / √d): the row of the class token, one for each head   (Dosovitskiy et al., 2021)",
  rollout:
    "Ãₗ = (mean of heads + I) / 2;  rollout = Ã₃ Ã₂ Ã₁: the row of the class token   (Abnar and Zuidema, 2020)",
};

const meta: Meta<Options> = {
  title: "Attention/Vision transformer",
  argTypes: {
    ...chosenInStory,
    view: choice(["heads", "rollout"]),
    layer: { ...range(1, 3), if: { arg: "view", eq: "heads" } },
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which patches does the class token attend to?",
        formula: formulas[args.view],
        caveats:
          "Attention says where values are taken from, not what they are: the model can attend to a patch and find nothing there. After the first layer a position holds more than its own patch.",
        net: "vit",
        nets: ["vit"],
        program: { run: program, source },
        options: { ...options, ...args }, // Storybook leaves out what it hides
        report: ({ maps, side }, { pixels, subject }) => {
          const weights = Array.from({ length: side * side }, (_, i) =>
            total(maps.map((map) => Number(map[i]) / maps.length)),
          );
          const ink = inkOf(pixels, side, subject);
          const all = total(weights);
          const onInk = total(weights.filter((_, i) => ink[i])) / all;
          const share = ink.filter(Boolean).length / ink.length;
          return {
            facts: { total: all, onInk, share },
            answer: `${percent(onInk)} of the attention of the class token to patches goes to those with ink, which are ${percent(share)} of the patches.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Whether something is drawn in each of `side` × `side` patches. */
function inkOf(
  pixels: ArrayLike<number>,
  side: number,
  { shape: [size], inkFrom }: Pick<Subject, "shape" | "inkFrom">,
): boolean[] {
  const patch = size / side;
  return Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side) * patch, (i % side) * patch];
    return Array.from({ length: patch * patch }, (__, at) => {
      const pixel = (row + Math.floor(at / patch)) * size + column + (at % patch);
      return Number(pixels[pixel]) >= inkFrom;
    }).some(Boolean);
  });
}

/** The patches that the class token attends to, through all layers. */
export const Rollout: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["total"])).toBeLessThan(1); // the rest is the class token's own
    await expect(Number(facts["total"])).toBeGreaterThan(0.3);
    await expect(Number(facts["onInk"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};

/** Each head of the last layer. */
export const Heads: Story = {
  args: { view: "heads" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["total"])).toBeLessThan(1);
    await expect(Number(facts["total"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};
