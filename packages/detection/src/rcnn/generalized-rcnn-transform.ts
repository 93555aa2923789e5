import {
  checkChoice,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  EmptyBatchError,
  interpolate,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import {
  div,
  expandDims,
  pad,
  squeeze,
  stack,
  sub,
  tensor1d,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { type BoxArray, boxArray, type Size2d } from "../anchors/box-array.ts";
import type { HostTarget } from "../models/read-targets.ts";

const { fround } = Math;

/** Options for {@link GeneralizedRCNNTransform}. */
export interface GeneralizedRCNNTransformOptions {
  /** Random generator for the choice among several `minSize` in training. */
  readonly rng: Rng;
  /** The mean of each color that is subtracted. Default: ImageNet's 0.485, 0.456, 0.406. */
  readonly imageMean?: readonly number[];
  /** The standard deviation of each color that it is divided by. Default: ImageNet's 0.229, 0.224, 0.225. */
  readonly imageStd?: readonly number[];
  /** What the height and width of the batch are multiples of. Default: 32. */
  readonly sizeDivisible?: number;
  /** The size of all images, whatever their aspect ratio. Default: none. */
  readonly fixedSize?: readonly [width: number, height: number] | null;
}

/** Images of a batch, normalized, resized and padded with zeros to a common size. */
export interface ImageBatch {
  /** `[batch, height, width, color]` */
  readonly tensors: Tensor4D;
  /** The size of each, without the padding. */
  readonly imageSizes: readonly Size2d[];
}

/**
 * What a detector does to images before and to boxes after it, torchvision's `GeneralizedRCNNTransform`: normalizes, resizes such that the shorter side is `minSize` and the longer at most
 * `maxSize`, pads to a batch; and takes boxes, masks and keypoints back to the pixels of the picture.
 */
export class GeneralizedRCNNTransform {
  readonly minSize: readonly number[];
  readonly maxSize: number;
  readonly imageMean: readonly number[];
  readonly imageStd: readonly number[];
  readonly sizeDivisible: number;
  readonly fixedSize: readonly [width: number, height: number] | null;
  readonly #rng: Rng;

  /** @param minSize in pixels; of several, one is drawn in training, and the last is taken in inference */
  constructor(
    minSize: number | readonly number[],
    maxSize: number,
    options: GeneralizedRCNNTransformOptions,
  ) {
    const caller = "GeneralizedRCNNTransform";
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "imageMean", "imageStd", "sizeDivisible", "fixedSize"]);
    const { imageMean = [0.485, 0.456, 0.406], imageStd = [0.229, 0.224, 0.225] } = options;
    const { sizeDivisible = 32, fixedSize = null } = options;
    const sizes = typeof minSize === "object" ? minSize : [minSize];
    if (sizes.length === 0) throw new OptionError(caller, "minSize", "empty", "one size at least");
    for (const size of sizes) checkSizes(caller, { minSize: size });
    checkSizes(caller, { maxSize, sizeDivisible });
    for (const size of fixedSize ?? []) checkSizes(caller, { fixedSize: size });
    for (const std of imageStd) checkPositive(caller, { imageStd: std });
    checkChoice(caller, "imageStd.length", imageStd.length, [imageMean.length]);
    this.minSize = sizes;
    this.maxSize = maxSize;
    this.imageMean = imageMean;
    this.imageStd = imageStd;
    this.sizeDivisible = sizeDivisible;
    this.fixedSize = fixedSize;
    this.#rng = options.rng;
  }

  /**
   * @param images `[height, width, color]` each, from 0 to 1
   * @param isTraining whether a `minSize` is drawn, as torchvision does for each image
   * @throws EmptyBatchError without images
   * @throws ShapeError for an image of other colors than `imageMean`
   */
  batch(images: readonly Tensor3D[], isTraining = false): ImageBatch {
    if (images.length === 0)
      throw new EmptyBatchError("GeneralizedRCNNTransform: there are no images, expected one at least.");
    for (const [i, image] of images.entries())
      checkShape("GeneralizedRCNNTransform", `image ${i}`, image, ["height", "width", this.imageMean.length]);
    const imageSizes = images.map(({ shape }) =>
      this.resizedSize([shape[0], shape[1]], this.#chosen(isTraining)),
    );
    const divisible = (size: number): number => Math.ceil(size / this.sizeDivisible) * this.sizeDivisible;
    const height = divisible(Math.max(...imageSizes.map(([own]) => own)));
    const width = divisible(Math.max(...imageSizes.map(([, own]) => own)));
    const tensors = tidy(() => {
      const [mean, std] = [tensor1d([...this.imageMean]), tensor1d([...this.imageStd])];
      const padded = images.map((image, i) => {
        const size = imageSizes[i] as Size2d;
        const normal = expandDims<Tensor4D>(div(sub(image, mean), std), 0); //          [1, height, width, color]
        const resized = squeeze<Tensor3D>(interpolate(normal, { size, mode: "bilinear" }), [0]);
        return pad(resized, [
          [0, height - size[0]],
          [0, width - size[1]],
          [0, 0],
        ]); // [batch height, batch width, color]
      });
      return stack(padded) as Tensor4D;
    });
    return { tensors, imageSizes };
  }

  /** The size of an image after resizing: rounded down, in 64 bits. */
  resizedSize([height, width]: Size2d, minSize = this.minSize.at(-1) ?? NaN): Size2d {
    if (this.fixedSize !== null) return [this.fixedSize[1], this.fixedSize[0]];
    const scale = Math.min(minSize / Math.min(height, width), this.maxSize / Math.max(height, width));
    return [Math.floor(height * scale), Math.floor(width * scale)];
  }

  /** Boxes of an image of one size in another. */
  resizeBoxes({ data }: BoxArray, from: Size2d, to: Size2d): BoxArray {
    const ratios = [fround(to[1] / from[1]), fround(to[0] / from[0])];
    return boxArray(data.map((value, i) => value * (ratios[i % 2] ?? NaN)));
  }

  /** Keypoints `x, y, visibility` of an image of one size in another. */
  resizeKeypoints(keypoints: Float32Array, from: Size2d, to: Size2d): Float32Array {
    const ratios = [fround(to[1] / from[1]), fround(to[0] / from[0]), 1];
    return keypoints.map((value, i) => value * (ratios[i % 3] ?? NaN));
  }

  /** What an image's objects are after resizing; masks by the nearest pixel. */
  target(target: HostTarget, from: Size2d, to: Size2d): HostTarget {
    const { boxes, labels, masks, keypoints } = target;
    return {
      boxes: this.resizeBoxes(boxes, from, to),
      labels,
      masks: masks === null ? null : resizeMasks(masks, to),
      keypoints:
        keypoints === null
          ? null
          : { data: this.resizeKeypoints(keypoints.data, from, to), shape: keypoints.shape },
    };
  }

  #chosen(isTraining: boolean): number {
    if (!isTraining) return this.minSize.at(-1) ?? NaN;
    const drawn = this.#rng.uniform([1], 0, this.minSize.length).data[0] ?? NaN;
    return this.minSize[Math.trunc(drawn)] ?? NaN;
  }
}

type Masks = NonNullable<HostTarget["masks"]>;

function resizeMasks({ data, shape }: Masks, to: Size2d): Masks {
  const [count = 0, height = 0, width = 0] = shape;
  const nearest = (input: number, output: number): Int32Array =>
    Int32Array.from({ length: output }, (_, i) =>
      Math.min(Math.floor(i * fround(input / output)), input - 1),
    );
  const [rows, columns] = [nearest(height, to[0]), nearest(width, to[1])];
  const resized = new Uint8Array(count * to[0] * to[1]);
  let at = 0;
  for (let object = 0; object < count; object++)
    for (const row of rows)
      for (const column of columns) resized[at++] = data[(object * height + row) * width + column] ?? NaN;
  return { data: resized, shape: [count, ...to] };
}
