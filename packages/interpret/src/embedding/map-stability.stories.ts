import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/map-stability.ts";
import source from "../../stories/programs/map-stability.ts?raw";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Embedding/Stability over seeds",
  argTypes: {
    of: choice(["hidden features", "noise"]),
    method: choice(["tsne", "umap"]),
    seeds: range(2, 6),
    steps: range(100, 500, 50),
    net: controls.net,
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Would another seed give another map?",
        formula:
          "agreement = how many of a point's 15 nearest on one map are among its 15 nearest on another; maps are aligned by Procrustes: min over s, R, t of ‖A − s B R − t‖   (Schönemann, 1966)",
        caveats:
          "Agreement between seeds does not make a map faithful: all maps may be distorted in the same way, which trustworthiness and continuity show. Groups may change positions although their neighborhoods stay the same.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ stability: { neighborhoodAgreement: agreement, procrustes }, count }) => {
          const uniform = 15 / (count - 1);
          const difference = total(procrustes) / procrustes.length;
          const passed = agreement > 0.5;
          return {
            facts: { agreement, uniform, procrustes: difference },
            answer: `${percent(agreement)} of the nearest neighbors on one map are among those on another (by chance ${percent(uniform)}); aligned, the maps differ by ${percent(difference)}.`,
            verdict: {
              passed,
              says: passed
                ? "The neighborhoods come from the data, not from the seed."
                : "At least half of the neighborhoods come from the seed.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Other seeds change the positions of hidden features, not their neighborhoods. */
export const OfTsne: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["agreement"]).toBeGreaterThan(0.6);
    await expect(leaked).toBe(0);
  },
};

/** Maps of noise show groups too, other ones for each seed. */
export const OfNoise: Story = {
  args: { of: "noise" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["agreement"]).toBeLessThan(0.5);
    await expect(leaked).toBe(0);
  },
};

/** UMAP starts at principal components; only its repulsion is random. */
export const OfUmap: Story = { ...OfTsne, args: { method: "umap" } };
