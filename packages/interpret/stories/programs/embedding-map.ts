import { Rng } from "@pellucid/core-train";
import { embeddingQuality, nearestNeighbors, pca, tsne, umap } from "@pellucid/interpret";
import { scatter, scatter3d } from "@pellucid/interpret/draw";
import { dispose, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { firstUnseen } from "../nets/first-unseen.ts";
import { subject, type SubjectName } from "../nets/subjects.ts";
import type { Run, Show } from "./run.ts";

export const names = { tsne: "t-SNE", umap: "UMAP", pca: "Principal components" } as const;

export interface Options {
  readonly net: SubjectName;
  readonly of: "hidden features" | "pixels";
  readonly method: keyof typeof names;
  readonly dimensions: 2 | 3;
  readonly perplexity: number;
  readonly color: "class" | "distortion";
  readonly steps: number;
}

export const options: Options = {
  net: "digits",
  of: "hidden features",
  method: "tsne",
  dimensions: 2,
  perplexity: 15,
  color: "class",
  steps: 250,
};

const count = 200;

export async function program(
  { net, of, method, dimensions, perplexity, color, steps }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) {
  const cancel = signal === undefined ? {} : { signal };
  const asked = await subject(net);
  const { images, labels, data } = await firstUnseen(asked, count);
  const features: Tensor2D =
    of === "pixels" ? tensor2d(data, [count, data.length / count]) : tidy(() => asked.features(images)); // what goes into the last linear layer
  images.dispose();
  const draw = (map: ArrayLike<number>, title: string, distortion?: ArrayLike<number>) => {
    const points = { data: map, shape: [count, dimensions] };
    if (dimensions === 3) return scatter3d(points, { title, classes: labels, classNames: asked.classes });
    const amounts = distortion && { amounts: distortion, amountLabel: "distortion of distances" };
    return scatter(points, { title, classes: labels, classNames: asked.classes, ...amounts });
  };
  const embed = async (): Promise<Tensor2D> => {
    const { embedding: plane, components } = await pca(features, method === "pca" ? dimensions : 30);
    components.dispose();
    if (method === "pca") return plane;
    const onStep = (step: number, y: ArrayLike<number>) => {
      onProgress?.(step + 1, steps);
      if (step % 50 === 49) show?.(draw(Array.from(y), `Step ${step + 1} of ${steps}`));
    };
    const how = { ...cancel, dimensions, steps, onStep };
    try {
      if (method === "umap") return await umap(plane, { ...how, rng: new Rng(0) });
      return (await tsne(plane, { ...how, perplexity })).embedding;
    } finally {
      plane.dispose();
    }
  };
  try {
    const embedding = await embed();
    const quality = await embeddingQuality(features, embedding, cancel);
    const map = Float32Array.from(await embedding.data());
    embedding.dispose();
    const { indices } = await nearestNeighbors({ data: map, shape: [count, dimensions] }, 5);
    const same = indices.filter((near, i) => labels[near] === labels[Math.floor(i / 5)]).length;
    const distortion = color === "distortion" ? quality.distortionOfEach : undefined;
    const title = `${names[method]} of ${of}: ${asked.title}`;
    return { pictures: [draw(map, title, distortion)], quality, sameLabel: same / indices.length };
  } finally {
    dispose(features);
  }
}
