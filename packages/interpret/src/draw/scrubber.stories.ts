import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { type EmbeddingFiles, encodeEmbedding, EventFile } from "@pellucid/core-train/tensorboard";
import { digits } from "@pellucid/datasets";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor2D, tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { expect, fireEvent } from "storybook/test";
import { wanderingDigits, WanderingNet } from "../../stories/nets/wandering-net.ts";
import { range } from "../../stories/controls.ts";
import { forTensorBoard } from "../../stories/for-tensorboard.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { mapStability } from "../embedding/map-stability.ts";
import { nearestNeighbors } from "../embedding/nearest-neighbors.ts";
import { pca } from "../embedding/pca.ts";
import { tsne } from "../embedding/tsne.ts";
import { curves } from "./curves.ts";
import { imageGrid } from "./image-grid.ts";
import { scatter } from "./scatter.ts";
import { scrubber } from "./scrubber.ts";

interface Args {
  epochs: number;
  learningRate: number;
  steps: number;
  seed: number;
}

const count = 150;

const meta: Meta<Args> = {
  title: "Training/Features by epoch",
  argTypes: {
    epochs: range(1, 12),
    learningRate: range(0.0005, 0.02, 0.0005),
    steps: range(100, 400, 50),
    seed: range(0, 9),
  },
  args: { epochs: 8, learningRate: 0.005, steps: 150, seed: 0 },
  render: ({ epochs, learningRate, steps, seed }, { id }) =>
    lab(
      {
        question: "When do the hidden features of a class cluster during training?",
        formula:
          "t-SNE of what goes into the last layer, after each epoch; each map is laid on the one before it (Procrustes), and all are drawn over one range",
        caveats:
          "Each digit is at a random position of a black image, so that pixels alone do not separate them; where digits are always in the middle, a net that has not learned anything seems to know them. That a group moves from one epoch to the next says nothing, that it closes up or parts does. How large groups are says little.",
        nets: [],
        about: "net",
        code: () => `import { useBackend } from "@pellucid/backends";
import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { mapStability, pca, tsne } from "@pellucid/interpret";
import { scatter, scrubber } from "@pellucid/interpret/draw";
import { tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { wanderingDigits, WanderingNet } from "./wandering-net.ts";

await useBackend();
const { train, test } = await digits();
const { x, y } = wanderingDigits(test, 2).gather(Int32Array.from({ length: ${count} }, (_, i) => i));
const [some, classes] = [tensor4d(x.data, [${count}, 16, 16, 1]), Array.from(y.data)];
const rng = new Rng(${seed});
const net = new WanderingNet({ rng });
const maps: ArrayLike<number>[] = [];
const look = async () => {
  const plane = await pca(net.features(some), 30);
  const { embedding } = await tsne(plane.embedding, { perplexity: 15, steps: ${steps} });
  const before = maps.at(-1); // on which this one is laid
  const laid = before && (await mapStability([tensor2d(Array.from(before), [${count}, 2]), embedding])).aligned[0];
  maps.push(Float32Array.from(laid ?? (await embedding.data())));
};
await look();
const data = batches(wanderingDigits(train, 1), { size: 64, shuffle: true, rng });
const how = { loss: crossEntropy, optimizer: adam({ learningRate: ${learningRate} }), epochs: ${epochs} };
for await (const event of fit(net, data, how)) if (event.kind === "epoch") await look();

const names = maps.map((_, i) => (i === 0 ? "before training" : \`epoch \${i}\`));
const reach = (axis: number) => {
  const all = maps.flatMap((map) => Array.from(map).filter((_, i) => i % 2 === axis));
  return [Math.min(...all), Math.max(...all)] as const;
};
const range = [reach(0), reach(1)] as const; // the same for every epoch
const shown = maps.map((map, i) => scatter({ data: map, shape: [${count}, 2] }, { title: names[i]!, classes, range }));
document.body.append(scrubber(shown, { title: "Hidden features by epoch", names }));`,
        run: async ({ signal, onProgress, show }) => {
          const { train, test } = await digits();
          const { x, y } = wanderingDigits(test, 2).gather(Int32Array.from({ length: count }, (_, i) => i));
          const labels = Array.from(y.data);
          const images = tensor4d(x.data, [count, 16, 16, 1]);
          const rng = new Rng(seed);
          const model = new WanderingNet({ rng });
          const data = batches(wanderingDigits(train, 1), { size: 64, shuffle: true, rng });
          const maps: Float32Array[] = [];
          const embeddings: EmbeddingFiles[] = [];
          const log = new EventFile();
          const filters: Float32Array[] = [];
          const pure: number[] = [];
          const look = async () => {
            const epoch = maps.length;
            const features = model.features(images);
            const [tag, metadata] = [`epoch ${epoch}`, labels];
            const numbers = { data: Float32Array.from(await features.data()), shape: features.shape };
            embeddings.push(encodeEmbedding(numbers, { tag, metadata, labelImages: x, step: epoch }));
            const map = await mapOf(features, maps.at(-1), { steps, signal });
            maps.push(map);
            filters.push(Float32Array.from(await model.conv1.weight.data()));
            const near = await nearestNeighbors({ data: map, shape: [count, 2] }, 5);
            const similarity = near.indices.filter((j, e) => labels[j] === labels[Math.floor(e / 5)]).length;
            pure.push(similarity / near.indices.length);
            log.addScalar("same label", pure.at(-1) as number, epoch);
            log.addHistogram("features", numbers, epoch);
            onProgress(maps.length, epochs + 1);
            show(...drawn(maps, filters, labels, pure));
          };
          try {
            await look();
            const optimizer = adam({ learningRate });
            for await (const event of fit(model, data, { loss: crossEntropy, optimizer, epochs, signal }))
              if (event.kind === "epoch") await look();
            signal.throwIfAborted();
            const [before, after] = [pure[0] as number, pure.at(-1) as number];
            return {
              pictures: [...drawn(maps, filters, labels, pure), forTensorBoard(log, embeddings)],
              facts: { before, after, maps: maps.length },
              answer: `Before training ${percent(before)} of the five nearest on the map are the same digit, after ${epochs} epochs ${percent(after)}.`,
            };
          } finally {
            images.dispose();
            model.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Did it learn? Move the slider from epoch to epoch. */
export const DuringTraining: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeGreaterThan(0.5);
    await expect(facts["before"]).toBeLessThan(0.25); // 0.1 by chance
    await expect(facts["maps"]).toBe(9);
    await expect(leaked).toBe(0);
    const slider = canvasElement.querySelector<HTMLInputElement>(".pictures input[type=range]");
    await fireEvent.input(slider as HTMLInputElement, { target: { value: "0" } });
    await expect(slider?.getAttribute("aria-valuetext")).toBe("before training");
    await fireEvent.input(slider as HTMLInputElement, { target: { value: "8" } });
  },
};

function drawn(
  maps: readonly Float32Array[],
  filters: readonly Float32Array[],
  labels: readonly number[],
  pure: readonly number[],
): HTMLElement[] {
  const names = maps.map((_, i) => (i === 0 ? "before training" : `epoch ${i}`));
  const along = (axis: number) => maps.flatMap((map) => Array.from(map).filter((_, i) => i % 2 === axis));
  const reach = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const axes = [reach(along(0)), reach(along(1))] as const;
  const largest = Math.max(...filters.flatMap((all) => Array.from(all, Math.abs)));
  return [
    scrubber(
      maps.map((data, i) =>
        scatter(
          { data, shape: [count, 2] },
          {
            title: names[i] as string,
            classes: labels,
            range: axes,
          },
        ),
      ),
      { title: "Hidden features by epoch", names },
    ),
    scrubber(
      filters.map((data, i) => {
        const maps16 = Float32Array.from(
          { length: 144 },
          (_, at) => data[(at % 9) * 16 + Math.floor(at / 9)] as number,
        );
        return imageGrid(
          { data: maps16, shape: [16, 3, 3] },
          { title: `First-layer filters, ${names[i]}`, signed: true, limit: largest, width: 220 },
        );
      }),
      { title: "Filters by epoch", names },
    ),
    curves(
      { "same label": pure },
      {
        title: "How many of the five nearest are the same digit",
        x: pure.map((_, i) => i),
        xLabel: "epoch",
        yLabel: "share",
      },
    ),
  ];
}

/** A map of the features, which are freed, laid on the map before. */
async function mapOf(
  features: Tensor2D,
  before: Float32Array | undefined,
  { steps, signal }: { readonly steps: number; readonly signal: AbortSignal },
): Promise<Float32Array> {
  const plane = await pca(features, 30);
  try {
    const { embedding } = await tsne(plane.embedding, { perplexity: 15, steps, signal });
    const map = before === undefined ? await embedding.data<"float32">() : await laidOn(before, embedding);
    embedding.dispose();
    return map;
  } finally {
    for (const x of [features, plane.embedding, plane.components]) x.dispose();
  }
}

async function laidOn(before: Float32Array, map: Tensor2D): Promise<Float32Array> {
  const onto = tensor2d(before, [count, 2]);
  const { aligned } = await mapStability([onto, map]);
  onto.dispose();
  return Float32Array.from(aligned[0] as Float64Array);
}
