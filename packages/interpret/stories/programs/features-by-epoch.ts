import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { filterImages, mapStability, nearestNeighbors, pca, tsne } from "@pellucid/interpret";
import { curves, imageGrid, readValues, scatter, scrubber, type Values } from "@pellucid/interpret/draw";
import { dispose, type Tensor2D, tensor2d, tensor4d } from "@tensorflow/tfjs-core";
import { wanderingDigits, WanderingNet } from "../nets/wandering-net.ts";
import type { Run, Show } from "./run.ts";

export interface Options {
  readonly epochs: number;
  readonly learningRate: number;
  /** Of t-SNE. */
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { epochs: 8, learningRate: 0.005, steps: 150, seed: 0 };

const count = 150;

/** What the model has made of the unseen digits after an epoch. */
interface Epoch {
  /** `[count, 64]` */
  readonly features: Values;
  /** `[count, 2]` */
  readonly map: ArrayLike<number>;
  /** `[16, 3, 3, 1]` */
  readonly filters: Values;
  /** The share of the five nearest points on the map that are the same digit. */
  readonly sameLabel: number;
}

export async function program(
  { epochs, learningRate, steps, seed }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) {
  const cancel = signal === undefined ? {} : { signal };
  const { train, test } = await digits();
  const { x, y } = wanderingDigits(test, 2).gather(Int32Array.from({ length: count }, (_, i) => i));
  const labels = Array.from(y.data);
  const images = tensor4d(x.data, [count, 16, 16, 1]);
  const rng = new Rng(seed);
  const net = new WanderingNet({ rng });
  const data = batches(wanderingDigits(train, 1), { size: 64, shuffle: true, rng });
  const found: Epoch[] = [];
  const examine = async () => {
    const [features, filters] = [net.features(images), filterImages(net.conv1)];
    try {
      const map = await mapOf(features, found.at(-1)?.map);
      const { indices } = await nearestNeighbors({ data: map, shape: [count, 2] }, 5);
      const same = indices.filter((near, i) => labels[near] === labels[Math.floor(i / 5)]).length;
      const read = { features: await readValues(features), filters: await readValues(filters) };
      found.push({ ...read, map, sameLabel: same / indices.length });
    } finally {
      dispose([features, filters]);
    }
    onProgress?.(found.length, epochs + 1);
    show?.(...draw(found, labels));
  };
  /** t-SNE, aligned with the previous map. */
  const mapOf = async (features: Tensor2D, previous?: ArrayLike<number>) => {
    const { embedding: start, components } = await pca(features, 30);
    try {
      const { embedding } = await tsne(start, { ...cancel, perplexity: 15, steps });
      const onto = previous && tensor2d(Array.from(previous), [count, 2]);
      const aligned = onto && (await mapStability([onto, embedding])).aligned[0];
      const map = Float32Array.from(aligned ?? (await embedding.data()));
      dispose([embedding, ...(onto ? [onto] : [])]);
      return map;
    } finally {
      dispose([start, components]);
    }
  };
  try {
    await examine(); // before training
    const how = { ...cancel, loss: crossEntropy, optimizer: adam({ learningRate }), epochs };
    for await (const event of fit(net, data, how)) if (event.kind === "epoch") await examine();
    signal?.throwIfAborted();
    return { pictures: draw(found, labels), found, labels, labelImages: x };
  } finally {
    images.dispose();
    net.dispose();
  }
}

function draw(found: readonly Epoch[], labels: readonly number[]): HTMLElement[] {
  const nameOf = (epoch: number) => (epoch === 0 ? "before training" : `epoch ${epoch}`);
  const names = found.map((_, epoch) => nameOf(epoch));
  const extent = (axis: number) => {
    const all = found.flatMap(({ map }) => Array.from(map).filter((_, i) => i % 2 === axis));
    return [Math.min(...all), Math.max(...all)] as const;
  };
  const range = [extent(0), extent(1)] as const; // the same for all epochs
  const maps = found.map(({ map }, epoch) =>
    scatter({ data: map, shape: [count, 2] }, { title: nameOf(epoch), classes: labels, range }),
  );
  const limit = Math.max(...found.flatMap(({ filters }) => Array.from(filters.data, Math.abs)));
  const filters = found.map(({ filters: { data } }, epoch) => {
    const how = { title: `First-layer filters, ${nameOf(epoch)}`, signed: true, limit, width: 220 };
    return imageGrid({ data, shape: [16, 3, 3] }, how);
  });
  const title = "Share of the five nearest points that are the same digit";
  const axes = { x: Array.from(found.keys()), xLabel: "epoch", yLabel: "share" };
  return [
    scrubber(maps, { title: "Hidden features by epoch", names }),
    scrubber(filters, { title: "Filters by epoch", names }),
    curves({ "same label": found.map(({ sameLabel }) => sameLabel) }, { title, ...axes }),
  ];
}
