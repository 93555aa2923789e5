import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/texture-synthesis.ts";
import source from "../../stories/programs/texture-synthesis.ts?raw";
import { randomFilters } from "../../stories/random-filters.ts";
import { textures } from "../../stories/textures.ts";
import { styleDistance } from "./style-distance.ts";

const formulas: Readonly<Record<Options["method"], string>> = {
  grow: "each pixel = that of the sample whose known neighborhood is nearest   (Efros and Leung, 1999)",
  quilt:
    "each patch = one of the sample's that fits where they overlap, cut along the line of least difference   (Efros and Freeman, 2001)",
  gram: "min over x of Σ over layers mean (G(x) − G(sample))²,  G = Σ over positions of F Fᵀ, F of random filters of four sizes   (Gatys et al., 2015; Ustyuzhaninov et al., 2016)",
};

const meta: Meta<Options> = {
  title: "Style/Texture synthesis",
  argTypes: {
    method: choice(Object.keys(formulas)),
    texture: choice(Object.keys(textures)),
    window: range(3, 15, 2),
    steps: range(20, 400, 20),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How can a texture be extended?",
        formula: formulas[args.method],
        caveats:
          "Growing and quilting copy pixels of the sample, so a small sample repeats, and structures larger than the neighborhood or patch are lost. Matching Gram matrices makes new pixels, with the statistics that the filters measure and no others.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: async ({ sample, values: { data, shape } }) => {
          const own = new Set(pixels(sample));
          const made = pixels(Float32Array.from(data));
          const copied = made.filter((pixel) => own.has(pixel)).length / made.length;
          const [height, width] = [Number(shape[0]), Number(shape[1])];
          const [far, noise] = [
            await distanceFrom(sample, tensor4d(Float32Array.from(data), [1, height, width, 3])),
            await distanceFrom(sample, tensor4d(new Rng(7).rand([1, 32, 32, 3]).data, [1, 32, 32, 3])),
          ];
          return {
            facts: { copied, far, noise },
            answer: `${percent(copied)} of its pixels are copied from the sample. Its distance in style from the sample is ${(far / noise).toPrecision(2)} times that of noise.`,
          };
        },
      },
      id,
    ),
};

/** How far a texture is in style from the sample; it is freed. */
async function distanceFrom(sample: Float32Array, x: Tensor4D): Promise<number> {
  const { layers, run, dispose } = randomFilters();
  const image = tensor4d(sample, [1, 32, 32, 3]);
  const style = styleDistance(run, layers, [{ image, weight: 1e5 }]);
  const [distance] = await take(style.loss(x));
  for (const held of [image, x, style]) held.dispose();
  dispose();
  return Number(distance);
}

function pixels(data: Float32Array): string[] {
  return Array.from({ length: data.length / 3 }, (_, i) => data.slice(3 * i, 3 * i + 3).join());
}
export default meta;

type Story = StoryObj<Options>;

/** Quilting extends a brick wall. */
export const QuiltedBricks: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["copied"]).toBe(1);
    await expect(facts["far"]).toBeLessThan(0.1 * Number(facts["noise"]));
    await expect(leaked).toBe(0);
  },
};

/** Spots grown pixel by pixel. */
export const GrownSpots: Story = {
  ...QuiltedBricks,
  args: { method: "grow", texture: "spots", window: 11 },
};

/** Waves from noise, by matching the Gram matrices of random filters. */
export const WavesByGramMatrix: Story = {
  args: { method: "gram", texture: "waves" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["far"]).toBeLessThan(0.05 * Number(facts["noise"]));
    await expect(leaked).toBe(0);
  },
};
