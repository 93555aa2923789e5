import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { mul, sub, type Tensor1D, type Tensor4D, tensor2d, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { percent } from "../../stories/on-ink.ts";
import { activationAtlas } from "./activation-atlas.ts";
import { directionScore } from "../score/direction-score.ts";
import { mosaic } from "../draw/mosaic.ts";
import { optimizeImage } from "./optimize-image.ts";
import { totalVariation } from "./total-variation.ts";

interface Args {
  layer: string;
  grid: number;
  steps: number;
  seed: number;
}

const count = 300;

const meta: Meta<Args> = {
  title: "Feature visualization/Activation atlas",
  argTypes: {
    layer: choice(["layer2", "layer3"]),
    grid: range(2, 8),
    steps: range(0, 200, 10),
    seed: range(0, 9),
  },
  args: { layer: "layer3", grid: 5, steps: 40, seed: 0 },
  render: ({ layer: path, grid, steps, seed }, { id }) =>
    lab(
      {
        question: "What can a layer distinguish?",
        formula:
          "of each picture the activation where the layer answers most, laid out by UMAP, and the mean d of each cell of a grid; its image: max over x of a·d (cos(a, d)⁺)² − λ Σ |neighbors' difference|   (Carter et al., 2019)",
        caveats:
          "A cell is a mean, which may be no picture's. What lies far apart on the map may be near in the layer: the map is flat. Made images show what the layer would like, in colors that no picture has.",
        nets: ["shapes"],
        net: "shapes",
        about: "net",
        code: ({
          shape,
        }) => `import { activationAtlas, directionScore, optimizeImage, totalVariation } from "@pellucid/interpret";
import { mosaic, readValues } from "@pellucid/interpret/draw";
import { mul, sub, type Tensor1D, type Tensor4D, tensor2d, tidy } from "@tensorflow/tfjs-core";
${someCode(count, shape)}
const run = (x: Tensor4D) => net.forward(x);
const how = { rng: new Rng(${seed}), position: "strongest", grid: ${grid} } as const;
const { cells } = await activationAtlas(run, net.${path}, [some], how);
const first = unseen.gather(Int32Array.from(cells, ({ examples }) => examples[0]!)).x;
document.body.append(mosaic(first, cells, { title: "One picture of each cell", width: 400 }));
const directions = tensor2d(cells.map(({ activation }) => Array.from(activation)));
const wanted = directionScore<Tensor4D>(run, net.${path}, directions);
const start = [cells.length, ${shape.join(", ")}] as const;
const wish = { rng: new Rng(${seed}), start, steps: ${steps}, basis: "waves", bounded: true, learningRate: 0.05, jitter: 2 } as const;
const loss = (x: Tensor4D) => tidy(() => sub<Tensor1D>(mul(totalVariation(x), 0.02), wanted(x)));
const icons = await optimizeImage(loss, wish);
document.body.append(mosaic(await readValues(icons), cells, { title: "An image made for each cell's mean", width: 400 }));`,
        run: async ({ subject, net: model, signal, onProgress, show }) => {
          const { shape, layers, classes } = subject;
          const layer = layers[path] as (typeof layers)[string];
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
          const size = shape[0] * shape[1] * shape[2];
          const run = (at: Tensor4D) => model.forward(at);
          const batches = (function* () {
            for (let from = 0; from < count; from += 50) {
              const images = tensor4d(x.data.slice(from * size, (from + 50) * size), [50, ...shape]);
              try {
                yield images;
              } finally {
                images.dispose();
              }
            }
          })();
          const { cells, embedding } = await activationAtlas(run, layer, batches, {
            rng: new Rng(seed),
            position: "strongest",
            grid,
            signal,
          });
          embedding.dispose();
          const shown = cells.map(({ examples: [first = 0] }) =>
            x.data.subarray(first * size, (first + 1) * size),
          );
          const sheet = (pictures: readonly Float32Array[], title: string) =>
            mosaic(
              {
                data: Float32Array.from(pictures.flatMap((one) => Array.from(one))),
                shape: [cells.length, ...shape],
              },
              cells,
              { title, width: 400 },
            );
          const real = sheet(shown, "One picture of each cell");
          show(real);
          const pure = cells.filter(({ examples }) => {
            const labels = examples.map((i) => y.data[i] as number);
            const most = Math.max(...classes.map((_, c) => labels.filter((label) => label === c).length));
            return most > labels.length / 2;
          }).length;
          const directions = tensor2d(cells.map(({ activation }) => Array.from(activation)));
          const wanted = directionScore(run, layer, directions);
          try {
            const before = await meanScore(wanted, shown, shape);
            const icons = await optimizeImage(
              (at) => tidy(() => sub<Tensor1D>(mul(totalVariation(at), 0.02), wanted(at))),
              {
                rng: new Rng(seed),
                start: [cells.length, ...shape],
                steps,
                basis: "waves",
                bounded: true,
                learningRate: 0.05,
                jitter: 2,
                signal,
                onStep: (step) => onProgress(step + 1, steps),
              },
            );
            const data = await take(icons);
            const made = cells.map((_, i) => data.subarray(i * size, (i + 1) * size));
            const after = await meanScore(wanted, made, shape);
            return {
              pictures: [real, sheet(made, "An image made for each cell's mean")],
              facts: { cells: cells.length, pure: pure / cells.length, before, after },
              answer: `In ${percent(pure / cells.length)} of ${cells.length} cells most pictures are of one class. What the cells stand for, made images have ${(after / before).toFixed(1)} times as much of as pictures.`,
            };
          } finally {
            directions.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What can the last block distinguish? Its map has a country for each shape. */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["pure"]).toBeGreaterThan(0.8);
    await expect(facts["after"]).toBeGreaterThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

/** And half-way? There colors and how edges lie count as much as what is drawn. */
export const MiddleLayer: Story = {
  args: { layer: "layer2", grid: 6 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["cells"]).toBeGreaterThan(9);
    await expect(facts["after"]).toBeGreaterThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

async function meanScore(
  score: ReturnType<typeof directionScore<Tensor4D>>,
  pictures: readonly Float32Array[],
  shape: readonly [number, number, number],
): Promise<number> {
  const data = Float32Array.from(pictures.flatMap((one) => Array.from(one)));
  const images = tensor4d(data, [pictures.length, ...shape]);
  const scores = await take(score(images));
  images.dispose();
  return scores.reduce((a, b) => a + b, 0) / scores.length;
}
