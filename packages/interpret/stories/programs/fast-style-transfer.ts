import { loadWeights, Rng, withoutInit } from "@pellucid/core-train";
import { styleDistance, StyleNet, trainStyleNet } from "@pellucid/interpret";
import { curves, exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { shapes } from "../nets/shapes-net.ts";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { randomFilters } from "../random-filters.ts";
import { texture, type TextureName } from "../textures.ts";
import type { Run } from "./run.ts";

export interface Options extends AboutPicture {
  readonly style: TextureName;
  /** The weight of the content. */
  readonly content: number;
  readonly steps: number;
}

export const options: Options = {
  net: "shapes",
  picture: 4,
  target: 4,
  style: "waves",
  content: 0.12,
  steps: 60,
};

export const program = (
  { style: name, content: weight, steps, ...about }: Options,
  { signal, onProgress }: Run = {},
) =>
  withPicture(about, async ({ net, subject: { layers }, image, x, name: kind }) => {
    const layer = layers["layer1"];
    if (layer === undefined) throw new RangeError(`${about.net} has no layer1.`);
    const wanted = texture(name);
    const sample = tensor4d(wanted.data, [1, ...wanted.shape]);
    const filters = randomFilters(); // 24 each of sizes 3, 5, 7 and 11
    const style = styleDistance(filters.run, filters.layers, [{ image: sample, weight: 1e5 }]);
    const painter = withoutInit(() => new StyleNet({ rng: new Rng(0), channels: 8, blocks: 2 }));
    const copying = await fetch(new URL("../nets/copying-painter.safetensors", import.meta.url));
    loadWeights(painter, await copying.arrayBuffer()); // it has learned to copy images
    const losses: number[] = [];
    try {
      await trainStyleNet(painter, batchesOfShapes(steps), {
        style: style.loss,
        content: { run: (images: Tensor4D) => net.forward(images), layer, weight },
        learningRate: 0.005,
        ...(signal && { signal }),
        onStep: (step, loss) => {
          losses.push(loss);
          onProgress?.(step + 1, steps);
        },
      });
      const painted = painter.forward(x);
      const distances = [style.loss(x), style.loss(painted)];
      const [before = NaN, after = NaN] = await Promise.all(distances.map(async (d) => (await d.data())[0]));
      const values = exampleOf(await readValues(painted));
      for (const tensor of [painted, ...distances]) tensor.dispose();
      const pictures = [
        picture(image, { title: `A ${kind}, unseen in training`, width: 192 }),
        picture(wanted, { title: `The style: ${name}`, width: 192 }),
        picture(values, { title: "Stylized in one forward pass", width: 192 }),
        curves({ loss: losses }, { title: "The loss falls", yLabel: "style and content" }),
      ];
      return { pictures, before, after, losses, values };
    } finally {
      for (const held of [sample, style, painter, filters]) held.dispose();
    }
  });

/** Batches of four drawn shapes, `[4, 32, 32, 3]`. */
function* batchesOfShapes(count: number): Generator<Tensor4D> {
  const { images } = shapes(4 * count, 0).train.load();
  const size = 4 * 32 * 32 * 3;
  for (let i = 0; i < count; i++) {
    const batch = tensor4d(images.data.slice(i * size, (i + 1) * size), [4, 32, 32, 3]);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}
