import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/activation-atlas.ts";
import source from "../../stories/programs/activation-atlas.ts?raw";

const meta: Meta<Options> = {
  title: "Feature visualization/Activation atlas",
  argTypes: {
    layer: choice(["layer2", "layer3"]),
    grid: range(2, 8),
    steps: range(0, 200, 10),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What can a layer distinguish?",
        formula:
          "the largest activation of each image, embedded by UMAP, and the mean d of each cell of a grid; its image: max over x of a·d (cos(a, d)⁺)² − λ Σ |neighbors' difference|   (Carter et al., 2019)",
        caveats:
          "The mean activation of a cell may be that of no image. Points far apart on the flat map may be near in the layer. Optimized images show what the layer responds to, in colors of no real image.",
        nets: ["shapes"],
        net: "shapes",
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ cells, labels, before, after }, { subject }) => {
          const isPure = (examples: readonly number[]) => {
            const found = examples.map((i) => Number(labels[i]));
            const counts = subject.classes.map((_, c) => found.filter((label) => label === c).length);
            return Math.max(...counts) > found.length / 2;
          };
          const pure = cells.filter(({ examples }) => isPure(examples)).length / cells.length;
          return {
            facts: { cells: cells.length, pure, before, after },
            answer: `In ${percent(pure)} of ${cells.length} cells most images are of one class. Optimized images score ${(after / before).toFixed(1)} times as high in their cell's direction as real ones.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The map of the last block has a region for each shape. */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8);
    await expect(facts["after"]).toBeGreaterThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

/** In the middle layer, colors and orientations count as much as shapes. */
export const MiddleLayer: Story = {
  args: { layer: "layer2", grid: 6 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["cells"]).toBeGreaterThan(9);
    await expect(facts["after"]).toBeGreaterThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};
