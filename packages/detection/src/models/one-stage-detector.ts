import {
  type Backbone,
  checkArguments,
  checkRecord,
  checkShape,
  disposeLeaves,
  type FeatureMaps,
  type Layer,
  Module,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  mul,
  reshape,
  type Scalar,
  tensor2d,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import type { BoxArray, Size2d } from "../anchors/box-array.ts";
import type { GeneralizedRCNNTransform } from "../rcnn/generalized-rcnn-transform.ts";
import type { Detections } from "./detections.ts";
import type { GraphDetections } from "./graph-detections.ts";
import { type DetectionTarget, type HostTarget, readTargets } from "./read-targets.ts";
import { suppressInGraph } from "./suppress-in-graph.ts";

/** What the head of a one-stage detector predicts of each anchor: `[batch, anchor, …]` each. */
export type HeadOutputs = Readonly<Record<string, Tensor3D>>;

/** What a head predicted of the anchors of one picture, read back. */
export type HostOutputs<Raw> = { readonly [Name in keyof Raw]: Float32Array };

/** Makes the anchors of feature maps: {@link AnchorGenerator}, {@link DefaultBoxGenerator}. */
export interface Anchors {
  generate(imageSize: Size2d, grids: readonly Size2d[]): BoxArray[];
}

/** The parts of a one-stage detector. */
export interface OneStageParts<Raw extends HeadOutputs> {
  readonly transform: GeneralizedRCNNTransform;
  readonly backbone: Module & Backbone;
  readonly anchorGenerator: Anchors;
  readonly head: Module & Layer<FeatureMaps, Raw>;
  readonly numClasses: number;
}

/** The base of the detectors that predict a class and a box of every anchor at once. Their losses read nothing back: they train on every backend. */
export abstract class OneStageDetector<Raw extends HeadOutputs>
  extends Module
  implements Layer<Tensor4D, Raw>
{
  readonly transform: GeneralizedRCNNTransform;
  readonly backbone: Module & Backbone;
  readonly anchorGenerator: Anchors;
  readonly head: Module & Layer<FeatureMaps, Raw>;
  readonly numClasses: number;

  /** @throws {StructError} for a part that is missing, or not a layer */
  constructor(parts: OneStageParts<Raw>) {
    super();
    checkRecord(new.target.name, "parts", parts, ["transform", "anchorGenerator"]);
    const { transform, backbone, anchorGenerator, head, numClasses } = parts;
    checkArguments(new.target.name, { "{ forward }": { backbone, head } });
    this.transform = transform;
    this.backbone = backbone;
    this.anchorGenerator = anchorGenerator;
    this.head = head;
    this.numClasses = numClasses;
  }

  /**
   * What the head predicts of the anchors of images that are normalized and of one size.
   *
   * @param images `[batch, height, width, color]`
   * @returns `[batch, anchor, …]` each
   */
  forward(images: Tensor4D): Raw {
    return tidyLeaves(() => this.head.forward(this.backbone.forward(images)) as Raw & object) as Raw;
  }

  /**
   * Detects objects in pictures of any sizes.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @returns what was found in each picture, in its own pixels
   */
  async detect(images: readonly Tensor3D[]): Promise<Detections[]> {
    const { tensors, imageSizes } = this.transform.batch(images);
    const kept: object[] = [tensors];
    try {
      const { raw, anchors } = this.#predict(tensors);
      kept.push(raw);
      const values = await Promise.all(
        Object.entries(raw).map(async ([name, x]) => [name, (await x.data()) as Float32Array] as const),
      );
      return images.map(({ shape }, image) => {
        const own = values.map(([name, data]) => {
          const each = data.length / images.length;
          return [name, data.subarray(image * each, (image + 1) * each)] as const;
        });
        const imageSize = imageSizes[image] as Size2d;
        const found = this.found(Object.fromEntries(own) as HostOutputs<Raw>, anchors, imageSize);
        return { ...found, boxes: this.transform.resizeBoxes(found.boxes, imageSize, [shape[0], shape[1]]) };
      });
    } finally {
      disposeLeaves(kept);
    }
  }

  /**
   * {@link detect} of one picture as tensors, of which nothing is read: what {@link DetectionGraph} exports.
   *
   * @param images `[1, height, width, color]`, from 0 to 1
   * @returns boxes `[object, 4]` in pixels of the picture, scores and labels `[object]`, the highest score first
   * @throws {ShapeError} for another number of pictures or axes
   */
  detectInGraph(images: Tensor4D): GraphDetections {
    checkShape(this.constructor.name, "images", images, [1, "height", "width", "color"]);
    const [, height, width, colors] = images.shape;
    return tidyLeaves(() => {
      const { tensors, imageSizes } = this.transform.batch([reshape(images, [height, width, colors])]);
      const resized = imageSizes[0] as Size2d;
      const { raw, anchors } = this.#predict(tensors);
      const { scoreThresh, nmsThresh, detectionsPerImg } = this;
      const limits = { side: Math.max(...resized), scoreThresh, nmsThresh, detectionsPerImg };
      const { boxes, scores, labels } = suppressInGraph(this.candidates(raw, anchors, resized), limits);
      const [down, right] = [height / resized[0], width / resized[1]];
      return { boxes: mul<Tensor2D>(boxes, tensor2d([[right, down, right, down]])), scores, labels };
    });
  }

  /**
   * The losses of a batch of pictures.
   *
   * ```ts
   * await trainStep(model, optimizer, () => totalLoss(model.losses(images, targets)));
   * ```
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @param targets one per picture, in its pixels; without an object, everything is background
   * @throws OptionError for a box without a width and height · ShapeError for another number of targets or labels · LabelError for a label that is not a class
   */
  losses(images: readonly Tensor3D[], targets: readonly DetectionTarget[]): Readonly<Record<string, Scalar>> {
    const sizes = images.map(({ shape }): Size2d => [shape[0], shape[1]]);
    const given = readTargets(this.constructor.name, targets, {
      sizes,
      numClasses: this.numClasses,
      firstClass: this.firstClass,
    });
    return tidyLeaves(() => {
      const { tensors, imageSizes } = this.transform.batch(images, true);
      const resized = given.map((target, i) =>
        this.transform.target(target, sizes[i] as Size2d, imageSizes[i] as Size2d),
      );
      const { raw, anchors } = this.#predict(tensors);
      return this.lossesOf(raw, anchors, resized);
    });
  }

  /** The lowest class of an object: 1 where class 0 is the background. */
  protected abstract readonly firstClass: number;

  /** The detections of one picture, in the pixels of the anchors. */
  protected abstract found(
    values: HostOutputs<Raw>,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): Detections;

  abstract readonly scoreThresh: number;
  abstract readonly nmsThresh: number;
  abstract readonly detectionsPerImg: number;

  /** What {@link found} suppresses, as tensors: boxes in the pixels of the anchors, within the image. Called in a `tidy`. */
  protected abstract candidates(raw: Raw, anchors: readonly BoxArray[], imageSize: Size2d): GraphDetections;

  /** The losses of predictions, called in a `tidy`. */
  protected abstract lossesOf(
    raw: Raw,
    anchors: readonly BoxArray[],
    targets: readonly HostTarget[],
  ): Readonly<Record<string, Scalar>>;

  #predict(tensors: Tensor4D): { readonly raw: Raw; readonly anchors: readonly BoxArray[] } {
    let anchors: readonly BoxArray[] = [];
    const raw = tidyLeaves(() => {
      const features = this.backbone.forward(tensors);
      const grids = Object.values(features).map(({ shape }): Size2d => [shape[1], shape[2]]);
      anchors = this.anchorGenerator.generate([tensors.shape[1], tensors.shape[2]], grids);
      return this.head.forward(features) as Raw & object;
    }) as Raw;
    return { raw, anchors };
  }
}
