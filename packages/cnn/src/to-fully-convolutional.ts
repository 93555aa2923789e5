import {
  checkArguments,
  checkSizeArray,
  Conv2d,
  Dropout,
  Linear,
  ReLU,
  Rng,
  withoutInit,
} from "@pellucid/core-train";
import { reshape, type Tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";

/**
 * Converts a head of linear layers for maps of one size to convolutions for maps of any size: the first linear layer becomes a
 * `height × width` filter, each later one a 1×1 filter. After the same features it classifies every window of a larger image in one
 * pass, since overlapping windows share their computation.
 *
 * The weights are copies. The inputs of `Linear` have the order of `flatten`: channel, height, width.
 *
 * Sermanet et al., 2014. OverFeat: integrated recognition, localization and detection. https://arxiv.org/abs/1312.6229
 *
 * @param head Layers from flat maps to logits, such as `vgg.classifier.layers`: `Linear`, `ReLU` and `Dropout`.
 * @param size The size of the maps that the head expects: `[7, 7]` for VGG.
 * @returns `[batch, h, w, channel]` → `[batch, h − height + 1, w − width + 1, class]`
 * @throws {StructError} If the head is not an array of layers.
 * @throws {OptionError} If the size is not two integers above 0.
 * @throws {RangeError} If the input features of the first linear layer are not a multiple of the size of the maps.
 * @throws {TypeError} If the head has a layer of another kind, or none that is linear.
 */
export function toFullyConvolutional(
  head: readonly object[],
  size: readonly [height: number, width: number],
): Chain {
  checkArguments("toFullyConvolutional", { "record[]": { head } });
  checkSizeArray("toFullyConvolutional", "size", size, 2);
  const first = head.find((layer) => layer instanceof Linear);
  if (first === undefined)
    throw new TypeError(
      "toFullyConvolutional: the head has no Linear, so there is nothing to turn into a convolution.",
    );
  const unknown = head.find(
    (layer) => !(layer instanceof Linear || layer instanceof ReLU || layer instanceof Dropout),
  );
  if (unknown !== undefined)
    throw new TypeError(
      `toFullyConvolutional: the head has a ${unknown.constructor.name}, expected Linear, ReLU and Dropout only.`,
    );
  if (first.inFeatures % (size[0] * size[1]) !== 0)
    throw new RangeError(
      `toFullyConvolutional: the first Linear takes ${first.inFeatures} features, which are not divisible by the ` +
        `${size[0]} × ${size[1]} elements of a map. Pass the height and width of the maps before flatten.`,
    );
  const layers = head.map((layer): MapLayer => {
    if (layer instanceof Linear) return convolutionOf(layer, layer === first ? size : [1, 1]);
    return layer as ReLU | Dropout;
  });
  return chain(...layers);
}

function convolutionOf(linear: Linear, [height, width]: readonly [number, number]): Conv2d {
  const channels = linear.inFeatures / (height * width);
  const options = { rng: new Rng(0), bias: linear.bias !== null };
  const conv = withoutInit(() => new Conv2d(channels, linear.outFeatures, [height, width], options));
  tidy(() => {
    const planes = reshape(linear.weight, [channels, height, width, linear.outFeatures]);
    conv.weight.assign(transpose<Tensor>(planes, [1, 2, 0, 3]) as typeof conv.weight);
    if (conv.bias !== null && linear.bias !== null) conv.bias.assign(linear.bias);
  });
  return conv;
}
