import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor2D, tensor2d, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab, type Work } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { scatter } from "../draw/scatter.ts";
import { scatter3d } from "../draw/scatter3d.ts";
import { embeddingQuality } from "./embedding-quality.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { pca } from "./pca.ts";
import { tsne } from "./tsne.ts";
import { umap } from "./umap.ts";

const names = { tsne: "t-SNE", umap: "UMAP", pca: "Principal components" } as const;

const formulas = {
  tsne: "min KL(P ‖ Q),  pᵢⱼ from distances of features, qᵢⱼ ∝ 1 / (1 + ‖yᵢ − yⱼ‖²)   (van der Maaten and Hinton, 2008)",
  umap: "min Σ −wᵢⱼ log vᵢⱼ − (1 − wᵢⱼ) log(1 − vᵢⱼ),  wᵢⱼ from distances of features, vᵢⱼ = 1 / (1 + a ‖yᵢ − yⱼ‖²ᵇ)   (McInnes et al., 2018)",
  pca: "y = (x − mean) · V, V the directions of most variance   (Pearson, 1901)",
} as const;

const programs = {
  tsne: (dimensions: number, perplexity: number, steps: number) =>
    `const { embedding } = await tsne((await pca(given, 30)).embedding, { dimensions: ${dimensions}, perplexity: ${perplexity}, steps: ${steps} });`,
  umap: (dimensions: number, _: number, steps: number) =>
    `const embedding = await umap((await pca(given, 30)).embedding, { rng: new Rng(0), dimensions: ${dimensions}, steps: ${steps} });`,
  pca: (dimensions: number) => `const { embedding } = await pca(given, ${dimensions});`,
} as const;

interface Args {
  of: "hidden features" | "pixels";
  method: "tsne" | "umap" | "pca";
  dimensions: 2 | 3;
  perplexity: number;
  color: "class" | "distortion";
  steps: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
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
  args: {
    of: "hidden features",
    method: "tsne",
    dimensions: 2,
    perplexity: 15,
    color: "class",
    steps: 250,
    net: "digits",
  },
  render: ({ of, method, dimensions, perplexity, color, steps, net }, { id }) =>
    lab(
      {
        question: `Do pictures of one class lie together in the net's ${of}?`,
        formula: formulas[method],
        caveats:
          "On a map of t-SNE or UMAP, how far groups are from each other and how large they are says little; another perplexity gives another map. The honesty meter says how much of the neighborhoods is true: trustworthiness (near here is near there), continuity (near there is near here), recall, and for each point by how much its distances are bent.",
        net,
        about: "net",
        code: ({
          shape,
          title,
          featuresCode,
        }) => `import { embeddingQuality, pca${method === "pca" ? "" : `, ${method}`} } from "@pellucid/interpret";
import { readValues, scatter${dimensions === 2 ? "" : "3d"} } from "@pellucid/interpret/draw";
${someCode(200, shape)}
${
  of === "pixels"
    ? `import { tensor2d } from "@tensorflow/tfjs-core";
const given = tensor2d(x.data, [200, ${shape.reduce((a, b) => a * b)}]);`
    : `${featuresCode}
const given = features(some);`
}
${programs[method](dimensions, perplexity, steps)}
const { trustworthiness${color === "class" || dimensions === 3 ? "" : ", distortionOfEach"} } = await embeddingQuality(given, embedding);
console.log(trustworthiness > 0.9 ? "Neighbors can be believed." : "Do not read neighborhoods off this map.");
const title = ${JSON.stringify(`${names[method]} of ${of}: ${title}`)};
${
  color === "class" || dimensions === 3
    ? ""
    : `const bent = { amounts: distortionOfEach, amountLabel: "how bent its distances are" };
`
}document.body.append(scatter${dimensions === 2 ? "" : "3d"}(await readValues(embedding), { title, classes: labels${color === "class" || dimensions === 3 ? "" : ", ...bent"} }));`,
        run: async (work) => {
          const { features, labels } = await featuresOf(work, of === "pixels");
          const { signal, onProgress, show, subject } = work;
          const draw = (data: ArrayLike<number>, title: string, amounts?: Float32Array) =>
            (dimensions === 2 ? scatter : scatter3d)(
              { data: Array.from(data), shape: [labels.length, dimensions] },
              {
                title,
                classes: labels,
                ...(amounts && dimensions === 2
                  ? { amounts, amountLabel: "how bent its distances are" }
                  : {}),
              },
            );
          const embedding = await mapped();
          const quality = await embeddingQuality(features, embedding, { signal });
          const map = Float32Array.from(await embedding.data());
          const near = await nearestNeighbors({ data: map, shape: [labels.length, dimensions] }, 5);
          const pure = near.indices.reduce(
            (sum, other, i) =>
              sum + Number(labels[other] === labels[Math.floor(i / 5)]) / near.indices.length,
            0,
          );
          for (const x of [features, embedding]) x.dispose();
          const { trustworthiness, continuity, neighborhoodRecall, stress, distortionOfEach } = quality;
          const amounts = color === "distortion" ? distortionOfEach : undefined;
          return {
            pictures: [draw(map, `${names[method]} of ${of}: ${subject.title}`, amounts)],
            facts: {
              trustworthiness,
              continuity,
              recall: neighborhoodRecall,
              pure,
              stress,
              worst: Math.max(...distortionOfEach),
            },
            answer: `${percent(pure)} of the five nearest on the map are of the same class. Honesty: trustworthiness ${trustworthiness.toFixed(3)}, continuity ${continuity.toFixed(3)}, ${percent(neighborhoodRecall)} of the true neighbors are near, distances are bent by ${percent(stress)}.`,
            verdict: {
              passed: trustworthiness > 0.9,
              says:
                trustworthiness > 0.9
                  ? "Neighbors on this map can be believed."
                  : "Do not read neighborhoods off this map.",
            },
          };

          async function mapped(): Promise<Tensor2D> {
            const plane = await pca(features, method === "pca" ? dimensions : 30);
            plane.components.dispose();
            if (method === "pca") return plane.embedding;
            try {
              const onStep = (step: number, y: Float64Array) => {
                onProgress(step + 1, steps);
                if (step % 50 === 49) show(draw(y, `Step ${step + 1} of ${steps}`));
              };
              if (method === "umap")
                return await umap(plane.embedding, { rng: new Rng(0), dimensions, steps, signal, onStep });
              const { embedding: found } = await tsne(plane.embedding, {
                dimensions,
                perplexity,
                steps,
                signal,
                onStep,
              });
              return found;
            } finally {
              plane.embedding.dispose();
            }
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Did it learn? Digits of one kind lie together in what its last layer says. */
export const FeaturesOfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8); // 0.1 by chance
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.95);
    await expect(leaked).toBe(0);
  },
};

/** Are shapes apart in their pixels? No: position and color are what pixels tell of. */
export const PixelsOfShapes: Story = {
  args: { of: "pixels", net: "shapes", steps: 200 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeLessThan(0.5);
    await expect(leaked).toBe(0);
  },
};

/** And in what the net makes of them? Yes. */
export const FeaturesOfShapes: Story = {
  args: { net: "shapes", steps: 200 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.9);
    await expect(leaked).toBe(0);
  },
};

/** Does another method say the same? UMAP makes the groups denser, and keeps them. */
export const Umap: Story = {
  args: { method: "umap" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8);
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.93); // on 200 points a little less than t-SNE
    await expect(leaked).toBe(0);
  },
};

/** Which points lie? Color tells by how much the distances from each are bent. */
export const Distortion: Story = {
  args: { method: "pca", color: "distortion" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["worst"]).toBeGreaterThan(1.2 * Number(facts["stress"]));
    await expect(leaked).toBe(0);
  },
};

/** And in space? Turn it by dragging or with the arrow keys. */
export const ThreeDimensions: Story = {
  args: { dimensions: 3, steps: 150 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["trustworthiness"]).toBeGreaterThan(0.95);
    await expect(leaked).toBe(0);
  },
};

/** Do two principal components tell the whole? No, and the meter says so. */
export const PrincipalComponents: Story = {
  args: { method: "pca" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["recall"]).toBeLessThan(0.5);
    await expect(canvasElement.querySelector(".verdict.failed")).toBeVisible();
    await expect(leaked).toBe(0);
  },
};

/** What goes into the last linear layer, or the pixels, of 200 unseen pictures. */
async function featuresOf({ subject }: Work, pixels: boolean) {
  const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: 200 }, (_, i) => i));
  const labels = Array.from(y.data);
  if (pixels) return { features: tensor2d(x.data, [200, x.data.length / 200]), labels };
  const images = tensor4d(x.data, [200, ...subject.shape]);
  const features = tidy(() => subject.features(images));
  images.dispose();
  return { features, labels };
}
