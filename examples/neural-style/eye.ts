import { Conv2d, capture, type Layer, relu, Rng } from "@pellucid/core-train";
import { featureDistance, type Style, type StyleDistance, styleDistance } from "@pellucid/interpret";
import { add, type Scalar, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import type { Picture } from "./clip.ts";

/** The layers whose features say what a style and what a content is. */
export interface Eye {
  readonly run: (images: Tensor4D) => unknown;
  readonly styleLayers: readonly Layer<never, Tensor4D>[];
  readonly contentLayer: Layer<never, Tensor4D>;
}

/** A picture as a batch of one. */
export const batchOfOne = ({ data, height, width }: Picture): Tensor4D =>
  tensor4d(data, [1, height, width, 3]);

/** Random filters of three sizes: an eye that needs no file. */
export function randomEye(): Eye {
  const layers = [3, 5, 7].map((size) => {
    const conv = new Conv2d(3, 16, size, { rng: new Rng(size), padding: (size - 1) / 2 });
    return { forward: (x: Tensor4D): Tensor4D => tidy(() => relu(conv.forward(x)) as Tensor4D) };
  });
  const [first] = layers;
  if (first === undefined) throw new RangeError("There is no layer.");
  return { run: (x) => layers.map((layer) => layer.forward(x)), styleLayers: layers, contentLayer: first };
}

/**
 * The distance from some styles, in which each layer counts the same: that of `plain` from the first style is `weight` in all.
 *
 * @param styles shares of each, which sum up to 1
 */
export function distanceFrom(
  eye: Eye,
  styles: readonly (readonly [Picture, number])[],
  plain: Picture,
  weight: number,
): StyleDistance {
  const pictures = styles.map(([picture, share]): Style => ({ image: batchOfOne(picture), weight: share }));
  const far = eye.styleLayers.map((layer) => {
    const alone = styleDistance(eye.run, [layer], pictures.slice(0, 1));
    const [value = NaN] = tidy(() => alone.loss(batchOfOne(plain)).dataSync());
    alone.dispose();
    return value / (pictures[0]?.weight ?? NaN);
  });
  const layerWeights = far.map((value) => weight / (far.length * value));
  const distance = styleDistance(eye.run, [...eye.styleLayers], pictures, { layerWeights });
  for (const { image } of pictures) image.dispose();
  return distance;
}

/** Style and content of one picture in one loss. */
export function lossOf(eye: Eye, style: StyleDistance, content: Picture) {
  const target = tidy(() => capture(eye.contentLayer, () => eye.run(batchOfOne(content))));
  const near = featureDistance(eye.run, eye.contentLayer, target);
  return {
    loss: (image: Tensor4D) => tidy(() => add<Scalar>(style.loss(image), near(image))),
    dispose: () => target.dispose(),
  };
}
