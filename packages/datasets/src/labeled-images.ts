import { checkArguments } from "@pellucid/core-train";
import type { Dataset, HostData } from "@pellucid/core-train";
import { type HostArray, rowOf, rowsOf } from "./rows.ts";

/** What is the same for every part of a set of images. */
export interface ImageInfo {
  /** `MNIST` */
  readonly name: string;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** The value of a full pixel: 255, or 16 for the UCI digits. */
  readonly max: number;
  /** What `normalizeImages` takes off in each channel, of pixels from 0 to 1: the training images' mean, or near it. */
  readonly mean: readonly number[];
  /** What it divides by: their standard deviation, or near it. */
  readonly std: readonly number[];
}

/** The size of an image. */
export type ImageShape = readonly [height: number, width: number, channel: number];

/** One image with its class. */
export interface LabeledImage<Pixels extends HostData = HostData> {
  readonly x: HostArray<Pixels, ImageShape>;
  readonly y: number;
}

/** Images of one size in memory, with their classes: a `Dataset`, and the arrays it is made of. */
export class LabeledImages<Pixels extends HostData = HostData> implements Dataset<LabeledImage<Pixels>> {
  /** `[image, height, width, channel]` */
  readonly images: HostArray<Pixels, readonly [number, ...ImageShape]>;
  /** `[image]` */
  readonly labels: HostArray<Int32Array, readonly [number]>;
  readonly info: ImageInfo;

  constructor(
    images: HostArray<Pixels, readonly [number, ...ImageShape]>,
    labels: HostArray<Int32Array, readonly [number]>,
    info: ImageInfo,
  ) {
    checkArguments("LabeledImages", {
      "{ shape, data }": { images, labels },
      "{ name, classes, max, mean }": { info },
    });
    this.images = images;
    this.labels = labels;
    this.info = info;
  }

  get length(): number {
    return this.labels.data.length;
  }

  /** The size of one image: `[height, width, channel]`. */
  get shape(): ImageShape {
    const [, ...shape] = this.images.shape;
    return shape;
  }

  /** A copy of image `index`, and its class. */
  get(index: number): LabeledImage<Pixels> {
    return { x: rowOf(this.images, index), y: this.labels.data[index] ?? NaN };
  }

  /** Many images with their classes, as arrays: `batches` takes them so. */
  gather(indices: Int32Array): {
    x: HostArray<Pixels, readonly [number, ...ImageShape]>;
    y: HostArray<Int32Array, readonly [number]>;
  } {
    return { x: rowsOf(this.images, indices), y: rowsOf(this.labels, indices) };
  }

  /** Only these images, in this order. */
  take(indices: ArrayLike<number>): LabeledImages<Pixels> {
    return new LabeledImages(rowsOf(this.images, indices), rowsOf(this.labels, indices), this.info);
  }
}
