import { capture, Rng } from "@pellucid/core-train";
import { featureDistance, optimizeImage, styleDistance } from "@pellucid/interpret";
import { curves, exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, type Tensor1D, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { type AboutPicture, withPicture } from "../nets/with-picture.ts";
import { randomFilters } from "../random-filters.ts";
import { texture } from "../textures.ts";
import type { Run, Show } from "./run.ts";

export interface Options extends AboutPicture {
  /** The weights of both styles. */
  readonly spots: number;
  readonly waves: number;
  /** The weight of the content. */
  readonly content: number;
  readonly steps: number;
}

export const options: Options = {
  net: "shapes",
  picture: 3,
  target: 3,
  spots: 0,
  waves: 1,
  content: 0.02,
  steps: 150,
};

export const program = (
  { spots, waves, content, steps, ...about }: Options,
  { signal, onProgress }: Run = {},
  show?: Show,
) =>
  withPicture(about, async ({ net, subject: { layers, shape }, image, x, name }) => {
    const layer = layers["layer1"];
    if (layer === undefined) throw new RangeError(`${about.net} has no layer1.`);
    const run = (at: Tensor4D) => net.forward(at);
    const samples = [
      { title: `Spots, weight ${spots}`, values: texture("spots"), weight: spots },
      { title: `Waves, weight ${waves}`, values: texture("waves"), weight: waves },
    ];
    const styles = samples.map(({ values, weight }) => ({
      image: tensor4d(values.data, [1, ...values.shape]),
      weight: 1e5 * weight,
    }));
    const filters = randomFilters(); // 24 each of sizes 3, 5, 7 and 11
    const style = styleDistance(filters.run, filters.layers, styles);
    const features = tidy(() => capture(layer, () => run(x)));
    const near = featureDistance(run, layer, features);
    const losses: number[] = [];
    try {
      const painted = await optimizeImage(
        (at: Tensor4D) => tidy(() => add<Tensor1D>(style.loss(at), mul(near(at), content))),
        {
          rng: new Rng(0),
          start: x,
          steps,
          learningRate: 0.1,
          bounded: true,
          ...(signal && { signal }),
          onStep: (step, loss, at) => {
            losses.push(loss);
            onProgress?.(step + 1, steps);
            if (step % 20 === 0)
              show?.(picture({ data: at.dataSync(), shape }, { title: `Step ${step}`, width: 224 }));
          },
        },
      );
      const distances = [style.loss(x), style.loss(painted)];
      const [before = NaN, after = NaN] = await Promise.all(distances.map(async (d) => (await d.data())[0]));
      const values = exampleOf(await readValues(painted));
      for (const tensor of [painted, ...distances]) tensor.dispose();
      const pictures = [
        picture(image, { title: `A ${name}`, width: 192 }),
        ...samples.flatMap(({ title, values: sample, weight }) =>
          weight > 0 ? [picture(sample, { title, width: 192 })] : [],
        ),
        picture(values, { title: "Stylized", width: 192 }),
        curves({ loss: losses }, { title: "The loss falls", yLabel: "style and content" }),
      ];
      return { pictures, before, after, values };
    } finally {
      for (const held of [...styles.map((one) => one.image), features, style, filters]) held.dispose();
    }
  });
