import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/embedding-map.ts";
import source from "../../stories/programs/embedding-map.ts?raw";

const formulas: Readonly<Record<Options["method"], string>> = {
  tsne: "min KL(P ‖ Q),  pᵢⱼ from distances of features, qᵢⱼ ∝ 1 / (1 + ‖yᵢ − yⱼ‖²)   (van der Maaten and Hinton, 2008)",
  umap: "min Σ −wᵢⱼ log vᵢⱼ − (1 − wᵢⱼ) log(1 − vᵢⱼ),  wᵢⱼ from distances of features, vᵢⱼ = 1 / (1 + a ‖yᵢ − yⱼ‖²ᵇ)   (McInnes et al., 2018)",
  pca: "y = (x − mean) · V, V the directions of most variance   (Pearson, 1901)",
};

const meta: Meta<Options> = {
  title: "Embedding/Maps of hidden features",
  argTypes: {
    of: choice(["hidden features", "pixels"]),
    method: choice(["tsne", "umap", "pca"]),
    dimensions: { control: "inline-radio", options: [2, 3] },
    perplexity: range(5, 60),
    color: choice(["class", "distortion"]),
    steps: range(100, 1000, 50),
    net: controls.net,
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: `Do the ${args.of} of a class cluster?`,
        formula: formulas[args.method],
        caveats:
          "On a map of t-SNE or UMAP, the distances between groups and their sizes say little; another perplexity gives another map. How faithful its neighborhoods are: trustworthiness (near on the map is near in the data), continuity (near in the data is near on the map), recall, and for each point the distortion of its distances.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ quality, sameLabel }) => {
          const { trustworthiness, continuity, neighborhoodRecall: recall, stress } = quality;
          const passed = trustworthiness > 0.9;
          return {
            facts: {
              trustworthiness,
              continuity,
              recall,
              pure: sameLabel,
              stress,
              worst: Math.max(...quality.distortionOfEach),
            },
            answer: `${percent(sameLabel)} of the five nearest points on the map are of the same class. Trustworthiness is ${trustworthiness.toFixed(3)}, continuity ${continuity.toFixed(3)}, recall of neighbors ${percent(recall)}, distortion of distances ${percent(stress)}.`,
            verdict: {
              passed,
              says: passed
                ? `Neighborhoods on this map can be trusted${stress > 0.2 ? "; distances cannot" : ""}.`
                : "Neighborhoods on this map cannot be trusted.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Hidden features of one digit cluster. */
export const FeaturesOfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8); // 0.1 by chance
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.95);
    await expect(leaked).toBe(0);
  },
};

/** Pixels of one shape do not cluster: they differ in position and color. */
export const PixelsOfShapes: Story = {
  args: { of: "pixels", net: "shapes", steps: 200 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeLessThan(0.5);
    await expect(leaked).toBe(0);
  },
};

/** Hidden features of one shape do. */
export const FeaturesOfShapes: Story = {
  args: { net: "shapes", steps: 200 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.9);
    await expect(leaked).toBe(0);
  },
};

/** UMAP shows the same groups, denser. */
export const Umap: Story = {
  args: { method: "umap" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8);
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.93); // on 200 points a little less than t-SNE
    await expect(leaked).toBe(0);
  },
};

/** Colored by the distortion of each point's distances. */
export const Distortion: Story = {
  args: { method: "pca", color: "distortion" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["worst"]).toBeGreaterThan(1.2 * Number(facts["stress"]));
    await expect(leaked).toBe(0);
  },
};

/** In three dimensions: turn it by dragging or with the arrow keys. */
export const ThreeDimensions: Story = {
  args: { dimensions: 3, steps: 150 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.95);
    await expect(leaked).toBe(0);
  },
};

/** Two principal components lose most neighborhoods, and the verdict says so. */
export const PrincipalComponents: Story = {
  args: { method: "pca" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["recall"]).toBeLessThan(0.5);
    await expect(canvasElement.querySelector(".verdict.failed")).toBeVisible();
    await expect(leaked).toBe(0);
  },
};
