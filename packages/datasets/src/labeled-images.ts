import type { HostData, HostTensor } from "@pellucid/core-train";
import { rowOf, rowsOf } from "./rows.ts";

/** What is the same for every part of a set of images. */
export interface ImageInfo {
  /** `MNIST` */
  readonly name: string;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** The value of a full pixel: 255, or 16 for the UCI digits. */
  readonly max: number;
  /** The training images' mean in each channel, of pixels from 0 to 1. */
  readonly mean: readonly number[];
  /** Their standard deviation. */
  readonly std: readonly number[];
}

/** One image with its class. */
export interface LabeledImage<Pixels extends HostData = HostData> {
  /** `[height, width, channel]` */
  readonly x: HostTensor<Pixels>;
  readonly y: number;
}

/** Images of one size in memory, with their classes: a `Dataset`, and the arrays it is made of. */
export class LabeledImages<Pixels extends HostData = HostData> {
  /** `[image, height, width, channel]` */
  readonly images: HostTensor<Pixels>;
  /** `[image]` */
  readonly labels: HostTensor<Int32Array>;
  readonly info: ImageInfo;

  constructor(images: HostTensor<Pixels>, labels: HostTensor<Int32Array>, info: ImageInfo) {
    this.images = images;
    this.labels = labels;
    this.info = info;
  }

  get length(): number {
    return this.labels.data.length;
  }

  /** The size of one image: `[height, width, channel]`. */
  get shape(): readonly number[] {
    return this.images.shape.slice(1);
  }

  /** A copy of image `index`, and its class. */
  get(index: number): LabeledImage<Pixels> {
    return { x: rowOf(this.images, index), y: this.labels.data[index] as number };
  }

  /** Only these images, in this order. */
  take(indices: ArrayLike<number>): LabeledImages<Pixels> {
    return new LabeledImages(rowsOf(this.images, indices), rowsOf(this.labels, indices), this.info);
  }
}
