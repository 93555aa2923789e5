import {
  checkArguments,
  checkShape,
  disposeLeaves,
  EmptyBatchError,
  type FeatureMaps,
  Module,
  ShapeError,
  softmax,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import {
  type BoxArray,
  boxArray,
  checkBoxArray,
  checkFiniteBoxes,
  type Size2d,
} from "../anchors/box-array.ts";
import type { Detections } from "../models/detections.ts";
import { type DetectionTarget, readTargets } from "../models/read-targets.ts";
import { selectiveSearch } from "../windows/selective-search.ts";
import type { FastRcnnLosses } from "./fast-rcnn-loss.ts";
import type { GeneralizedRCNNTransform } from "./generalized-rcnn-transform.ts";
import type { RoIHeads } from "./roi-heads.ts";

/** What regions are pooled from, and the size of each picture there, without padding. */
export interface PooledFrom {
  readonly features: FeatureMaps;
  readonly imageSizes: readonly Size2d[];
}

/** The base of the detectors whose regions come from elsewhere: {@link RCNN} and {@link FastRCNN}. */
export abstract class ProposalDetector extends Module {
  readonly transform: GeneralizedRCNNTransform;
  readonly roiHeads: RoIHeads;
  readonly numClasses: number;

  constructor(transform: GeneralizedRCNNTransform, roiHeads: RoIHeads, numClasses: number) {
    super();
    this.transform = transform;
    this.roiHeads = roiHeads;
    this.numClasses = numClasses;
  }

  /** Makes of pictures what regions are pooled from. */
  protected abstract pooledFrom(images: readonly Tensor3D[], isTraining: boolean): PooledFrom;

  /**
   * The losses of a batch of pictures. Draws the regions that count; the boxes of the objects are among them.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @param targets one per picture, in its pixels; without an object, everything is background
   * @param proposals the regions of each picture, in its pixels
   * @throws {EmptyBatchError} without a region and an object
   * @throws {OptionError} for a box without a width and height, or numbers that are not finite
   * @throws {ShapeError} for another number of targets, proposals or labels
   * @throws {LabelError} for a label that is not a class
   */
  losses(
    images: readonly Tensor3D[],
    targets: readonly DetectionTarget[],
    proposals: readonly BoxArray[],
  ): FastRcnnLosses {
    const caller = `${this.constructor.name}.losses`;
    checkArguments(caller, { array: { images, targets } });
    const sizes = sizesOf(caller, images);
    checkProposals(caller, proposals, sizes.length);
    const given = readTargets(caller, targets, { sizes, numClasses: this.numClasses });
    if ([...proposals, ...given.map(({ boxes }) => boxes)].every(({ data }) => data.length === 0))
      throw new EmptyBatchError(`${caller}: there is neither a proposal nor an object.`);
    return tidyLeaves(() => {
      const { features, imageSizes } = this.pooledFrom(images, true);
      const resized = given.map((target, i) =>
        this.transform.target(target, sizes[i] as Size2d, imageSizes[i] as Size2d),
      );
      return this.roiHeads.losses(features, this.#moved(proposals, sizes, imageSizes), imageSizes, resized);
    });
  }

  /**
   * Detects objects in pictures of any sizes: each region is scored, its box refined for each class, and suppressed class by class.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @param proposals the regions of each picture, in its pixels. Default: those of `selectiveSearch`
   * @returns what was found in each picture, in its own pixels
   * @throws {EmptyBatchError} without pictures
   * @throws {ShapeError} for another number of proposals than pictures
   */
  async detect(images: readonly Tensor3D[], proposals?: readonly BoxArray[]): Promise<Detections[]> {
    const caller = `${this.constructor.name}.detect`;
    checkArguments(caller, { array: { images } });
    const sizes = sizesOf(caller, images);
    const given = proposals ?? (await Promise.all(images.map(searched)));
    checkProposals(caller, given, sizes.length);
    if (given.every(({ data }) => data.length === 0)) return given.map(nothing);
    const { imageSizes, regions, predicted } = this.#predict(images, given, sizes);
    try {
      const [scores, codes] = await Promise.all([read(predicted.scores), read(predicted.boxRegression)]);
      return this.roiHeads.detections(scores, codes, regions, imageSizes).map((found, i) => ({
        ...found,
        boxes: this.transform.resizeBoxes(found.boxes, imageSizes[i] as Size2d, sizes[i] as Size2d),
      }));
    } finally {
      disposeLeaves(predicted);
    }
  }

  #predict(images: readonly Tensor3D[], proposals: readonly BoxArray[], sizes: readonly Size2d[]) {
    let imageSizes: readonly Size2d[] = [];
    let regions: readonly BoxArray[] = [];
    const predicted = tidyLeaves(() => {
      const from = this.pooledFrom(images, false);
      imageSizes = from.imageSizes;
      regions = this.#moved(proposals, sizes, imageSizes);
      const { classLogits, boxRegression } = this.roiHeads.predict(from.features, regions, imageSizes);
      return { scores: softmax(classLogits), boxRegression };
    });
    return { imageSizes, regions, predicted };
  }

  #moved(boxes: readonly BoxArray[], from: readonly Size2d[], to: readonly Size2d[]): BoxArray[] {
    return boxes.map((own, i) => this.transform.resizeBoxes(own, from[i] as Size2d, to[i] as Size2d));
  }
}

function sizesOf(caller: string, images: readonly Tensor3D[]): Size2d[] {
  if (images.length === 0)
    throw new EmptyBatchError(`${caller}: there are no images, expected one at least.`);
  return images.map((image, i): Size2d => {
    checkShape(caller, `image ${i}`, image, ["height", "width", "color"]);
    return [image.shape[0], image.shape[1]];
  });
}

function checkProposals(caller: string, proposals: readonly BoxArray[], count: number): void {
  checkArguments(caller, { array: { proposals } });
  if (proposals.length !== count)
    throw new ShapeError(
      `${caller}: there are proposals of ${proposals.length} pictures, expected ${count}.`,
    );
  for (const [i, boxes] of proposals.entries()) {
    checkBoxArray(caller, `proposals[${i}]`, boxes);
    checkFiniteBoxes(caller, `proposals[${i}]`, boxes);
  }
}

async function searched(image: Tensor3D): Promise<BoxArray> {
  const data = await image.data<"float32">();
  return boxArray(selectiveSearch({ data, shape: image.shape }));
}

async function read(x: Tensor2D) {
  return { data: await x.data<"float32">(), shape: x.shape };
}

function nothing(): Detections {
  return { boxes: boxArray(new Float32Array()), scores: new Float32Array(), labels: new Int32Array() };
}
