import {
  type Backbone,
  disposeLeaves,
  type FeatureMaps,
  Module,
  softmax,
  tidyLeaves,
  type HostTensor,
} from "@pellucid/core-train";
import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { type BoxArray, boxArray, type Size2d } from "../anchors/box-array.ts";
import type { Detections } from "../models/detections.ts";
import { type DetectionTarget, readTargets } from "../models/read-targets.ts";
import type { Proposals } from "../rpn/filter-proposals.ts";
import type { RegionProposalNetwork } from "../rpn/region-proposal-network.ts";
import type { RpnLosses } from "../rpn/rpn-loss.ts";
import type { GeneralizedRCNNTransform, ImageBatch } from "./generalized-rcnn-transform.ts";
import { heatmapsToKeypoints } from "./heatmaps-to-keypoints.ts";
import { pasteMasksInImage } from "./paste-masks-in-image.ts";
import type { RoIHeads, RoILosses } from "./roi-heads.ts";

/** The losses of an R-CNN. Training minimizes their sum. */
export type RcnnLosses = RoILosses & RpnLosses;

/**
 * The base of the R-CNNs, torchvision's `GeneralizedRCNN`, with its names: a backbone, a network that proposes regions, and heads that classify and refine them.
 *
 * `losses` reads proposals back in the middle of a step; on WebGPU in Node, where that cannot be, use another backend to train.
 */
export abstract class GeneralizedRCNN<Found extends Detections = Detections> extends Module {
  readonly transform: GeneralizedRCNNTransform;
  readonly backbone: Module & Backbone;
  readonly rpn: RegionProposalNetwork;
  readonly roiHeads: RoIHeads;
  readonly numClasses: number;
  readonly numKeypoints: number | null;

  constructor(
    backbone: Module & Backbone,
    rpn: RegionProposalNetwork,
    roiHeads: RoIHeads,
    transform: GeneralizedRCNNTransform,
    numClasses: number,
    numKeypoints: number | null = null,
  ) {
    super();
    this.transform = transform;
    this.backbone = backbone;
    this.rpn = rpn;
    this.roiHeads = roiHeads;
    this.numClasses = numClasses;
    this.numKeypoints = numKeypoints;
  }

  /**
   * Detects objects in pictures of any sizes.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @returns what was found in each picture, in its own pixels
   */
  async detect(images: readonly Tensor3D[]): Promise<Found[]> {
    const kept: object[] = [];
    const keep = <T extends object>(value: T): T => {
      kept.push(value);
      return value;
    };
    try {
      const { tensors, imageSizes } = this.transform.batch(images);
      keep(tensors);
      const features = keep(tidyLeaves(() => this.backbone.forward(tensors)) as FeatureMaps & object);
      const raw = keep(this.rpn.forward(features));
      const [objectness, deltas] = await Promise.all([read(raw.objectness), read(raw.deltas)]);
      const anchors = this.rpn.anchorsOf([tensors.shape[1], tensors.shape[2]], features);
      const proposals = this.rpn.propose(objectness.data, deltas.data, anchors, imageSizes);
      const found = await this.#refine(features, proposals, imageSizes);
      const sizes = images.map(({ shape }): Size2d => [shape[0], shape[1]]);
      return await this.#complete(features, found, imageSizes, sizes);
    } finally {
      disposeLeaves(kept);
    }
  }

  /**
   * The losses of a batch of pictures. Draws the anchors and regions that count.
   *
   * ```ts
   * await trainStep(model, optimizer, () => totalLoss(model.losses(images, targets)));
   * ```
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @param targets one per picture, in its pixels; without an object, everything is background
   * @throws OptionError for a box without a width and height · ShapeError for another number of targets or labels · LabelError for a label that is not a class
   */
  losses(images: readonly Tensor3D[], targets: readonly DetectionTarget[]): RcnnLosses {
    const sizes = images.map(({ shape }): Size2d => [shape[0], shape[1]]);
    const given = readTargets(this.constructor.name, targets, {
      sizes,
      numClasses: this.numClasses,
      hasMasks: this.roiHeads.maskRoiPool !== null,
      numKeypoints: this.numKeypoints,
    });
    return tidyLeaves(() => {
      const { tensors, imageSizes }: ImageBatch = this.transform.batch(images, true);
      const resized = given.map((target, i) =>
        this.transform.target(target, sizes[i] as Size2d, imageSizes[i] as Size2d),
      );
      const features = this.backbone.forward(tensors);
      const raw = this.rpn.forward(features);
      const anchors = this.rpn.anchorsOf([tensors.shape[1], tensors.shape[2]], features);
      const [objectness, deltas] = [raw.objectness.dataSync(), raw.deltas.dataSync()] as Float32Array[];
      const proposals = this.rpn.propose(
        objectness as Float32Array,
        deltas as Float32Array,
        anchors,
        imageSizes,
        "training",
      );
      const rpnLosses = this.rpn.losses(
        raw,
        anchors,
        resized.map(({ boxes }) => boxes),
      );
      const regions = proposals.map(({ boxes }) => boxes);
      return { ...this.roiHeads.losses(features, regions, imageSizes, resized), ...rpnLosses };
    });
  }

  async #refine(
    features: FeatureMaps,
    proposals: readonly Proposals[],
    imageSizes: readonly Size2d[],
  ): Promise<Detections[]> {
    const regions = proposals.map(({ boxes }) => boxes);
    if (regions.every(({ data }) => data.length === 0)) return regions.map(() => nothing());
    const predicted = tidyLeaves(() => {
      const { classLogits, boxRegression } = this.roiHeads.predict(features, regions, imageSizes);
      return { scores: softmax(classLogits), boxRegression };
    });
    try {
      const [scores, codes] = await Promise.all([read(predicted.scores), read(predicted.boxRegression)]);
      return this.roiHeads.detections(scores, codes, regions, imageSizes);
    } finally {
      disposeLeaves(predicted);
    }
  }

  /** Adds masks and keypoints, and takes everything to the pixels of the pictures. */
  async #complete(
    features: FeatureMaps,
    found: readonly Detections[],
    imageSizes: readonly Size2d[],
    sizes: readonly Size2d[],
  ): Promise<Found[]> {
    const masks = await this.#masks(features, found, imageSizes);
    const keypoints = await this.#keypoints(features, found, imageSizes);
    let from = 0;
    return found.map((image, i) => {
      const [inner, outer] = [imageSizes[i] as Size2d, sizes[i] as Size2d];
      const boxes = this.transform.resizeBoxes(image.boxes, inner, outer);
      const count = image.labels.length;
      const own = [from, from + count] as const;
      from += count;
      return {
        ...image,
        boxes,
        ...(masks === null ? {} : { masks: pasteMasksInImage(rowsOf(masks, own), boxes, outer) }),
        ...(keypoints === null ? {} : this.#resized(keypoints, own, inner, outer)),
      } as Detections as Found;
    });
  }

  async #masks(
    features: FeatureMaps,
    found: readonly Detections[],
    imageSizes: readonly Size2d[],
  ): Promise<HostTensor<Float32Array> | null> {
    if (this.roiHeads.maskRoiPool === null) return null;
    if (found.every(({ labels }) => labels.length === 0))
      return { data: new Float32Array(), shape: [0, 1, 1] };
    const masks = this.roiHeads.predictMasks(features, found, imageSizes);
    const { data, shape } = await read(masks).finally(() => masks.dispose());
    const size = Math.sqrt(shape[1] ?? 0);
    return { data, shape: [shape[0] ?? 0, size, size] };
  }

  async #keypoints(
    features: FeatureMaps,
    found: readonly Detections[],
    imageSizes: readonly Size2d[],
  ): Promise<{ readonly keypoints: Float32Array; readonly scores: Float32Array } | null> {
    if (this.roiHeads.keypointRoiPool === null) return null;
    const regions = found.map(({ boxes }) => boxes);
    const all = boxArray(Float32Array.from(regions.flatMap(({ data }) => [...data])));
    if (all.data.length === 0) return { keypoints: new Float32Array(), scores: new Float32Array() };
    const maps = this.roiHeads.predictKeypoints(features, regions, imageSizes);
    return await heatmapsToKeypoints(maps, all).finally(() => maps.dispose());
  }

  #resized(
    { keypoints, scores }: { readonly keypoints: Float32Array; readonly scores: Float32Array },
    [from, to]: readonly [number, number],
    inner: Size2d,
    outer: Size2d,
  ): object {
    const count = this.numKeypoints as number;
    const own = keypoints.subarray(from * count * 3, to * count * 3);
    return {
      keypoints: { data: this.transform.resizeKeypoints(own, inner, outer), shape: [to - from, count, 3] },
      keypointScores: { data: scores.slice(from * count, to * count), shape: [to - from, count] },
    };
  }
}

async function read(x: Tensor): Promise<HostTensor<Float32Array>> {
  return { data: (await x.data()) as Float32Array, shape: x.shape };
}

function rowsOf(
  { data, shape }: HostTensor<Float32Array>,
  [from, to]: readonly [number, number],
): HostTensor<Float32Array> {
  const [, height = 0, width = 0] = shape;
  const each = height * width;
  return { data: data.subarray(from * each, to * each), shape: [to - from, height, width] };
}

function nothing(): Detections {
  const boxes: BoxArray = boxArray(new Float32Array());
  return { boxes, scores: new Float32Array(), labels: new Int32Array() };
}
