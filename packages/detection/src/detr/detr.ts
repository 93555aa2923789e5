import {
  type Backbone,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  disposeLeaves,
  Embedding,
  Linear,
  Module,
  relu,
  type Rng,
  sigmoid,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  broadcastTo,
  expandDims,
  mul,
  type Rank,
  reshape,
  type Scalar,
  stack,
  type Tensor,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { type BoxArray, boxArray, type Size2d } from "../anchors/box-array.ts";
import { largestFirst } from "../rpn/largest-first.ts";
import type { Detections } from "../models/detections.ts";
import { type DetectionTarget, type HostTarget, readTargets } from "../models/read-targets.ts";
import { softmaxRows } from "../models/softmax-rows.ts";
import {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
} from "../rcnn/generalized-rcnn-transform.ts";
import { checkDetrLayer } from "./detr-layers.ts";
import { DetrTransformer, type DetrTransformerOptions } from "./detr-transformer.ts";
import { setCriterion, type SetCriterionOptions, type SetOutputs } from "./set-criterion.ts";
import { sinePositions2d } from "./sine-positions-2d.ts";

/** Options for {@link DETR}. */
export interface DETROptions extends DetrTransformerOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Features of the transformer. Default: 256. */
  readonly dModel?: number;
  /** Default: 8. */
  readonly nhead?: number;
  /** How many objects a picture has at most. Default: 100. */
  readonly numQueries?: number;
  /** Whether each layer of the decoder has losses. Default: true. */
  readonly auxLoss?: boolean;
  /** The costs of the assignment, and the weight of no object. */
  readonly criterion?: SetCriterionOptions;
  /** How much the losses of the class, the box and GIoU count. Default: 1, 5, 2. */
  readonly lossWeights?: readonly [ce: number, bbox: number, giou: number];
  /** The length to which the shorter side of images is resized. Default: 800. */
  readonly minSize?: number;
  /** The length of the longer side at most. Default: 1333. */
  readonly maxSize?: number;
  /** How images are normalized. */
  readonly transform?: Omit<GeneralizedRCNNTransformOptions, "rng" | "sizeDivisible">;
  /** The probability above which a query is a detection. Default: 0.5. */
  readonly scoreThresh?: number;
}

/** Linear layers with ReLU between them, with DETR's names. */
class MLP extends Module {
  readonly layers: readonly Linear[];

  constructor(sizes: readonly number[], rng: Rng) {
    super();
    this.layers = sizes.slice(1).map((size, i) => new Linear(sizes[i] ?? NaN, size, { rng }));
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() =>
      this.layers.reduce<Tensor3D>((y, layer, i) => {
        const next = layer.forward(y);
        return i < this.layers.length - 1 ? relu(next) : next;
      }, x),
    );
  }
}

/**
 * DETR on any backbone, with the names of its authors (`transformer.encoder.layers.0.self_attn.in_proj_weight`, `class_embed`, `bbox_embed`, `query_embed`, `input_proj`, `backbone.0.body`): a transformer
 * reads the last feature map and predicts a set of objects, without anchors or suppression.
 *
 * `losses` reads predictions back in the middle of a step, to assign them; on WebGPU in Node, where that cannot be, use another backend to train.
 *
 * Carion et al., 2020. End-to-end object detection with transformers. https://arxiv.org/abs/2005.12872
 */
export class DETR extends Module {
  readonly transformer: DetrTransformer;
  readonly classEmbed: Linear;
  readonly bboxEmbed: MLP;
  readonly queryEmbed: Embedding;
  readonly inputProj: Conv2d;
  readonly backbone: readonly [{ readonly body: Module & Backbone }];
  readonly numClasses: number;
  readonly transform: GeneralizedRCNNTransform;
  readonly auxLoss: boolean;
  readonly scoreThresh: number;
  readonly #criterion: SetCriterionOptions;
  readonly #lossWeights: readonly [number, number, number];

  /** @param numClasses without the class for no object, which is the last one */
  constructor(body: Module & Backbone, numClasses: number, options: DETROptions) {
    super();
    checkRng("DETR", options);
    checkOptions("DETR", options, [
      "rng",
      "dModel",
      "nhead",
      "numQueries",
      "auxLoss",
      "criterion",
      "lossWeights",
      "minSize",
      "maxSize",
      "transform",
      "scoreThresh",
      "dimFeedforward",
      "dropout",
      "encoderLayers",
      "decoderLayers",
    ]);
    const { rng, dModel = 256, nhead = 8, numQueries = 100, auxLoss = true, criterion = {} } = options;
    const { lossWeights = [1, 5, 2], minSize = 800, maxSize = 1333, scoreThresh = 0.5 } = options;
    const { dimFeedforward = 2048, dropout = 0.1, encoderLayers = 6, decoderLayers = 6 } = options;
    checkSizes("DETR", { numClasses, numQueries, encoderLayers, decoderLayers });
    checkDetrLayer("DETR", dModel, nhead, { rng, dimFeedforward, dropout });
    checkNotNegative("DETR", { scoreThresh });
    for (const weight of lossWeights) checkNotNegative("DETR", { lossWeights: weight });
    this.transform = new GeneralizedRCNNTransform(minSize, maxSize, {
      ...options.transform,
      rng,
      sizeDivisible: 1,
    });
    const layers = { rng, dimFeedforward, dropout, encoderLayers, decoderLayers };
    this.transformer = new DetrTransformer(dModel, nhead, layers);
    this.classEmbed = new Linear(dModel, numClasses + 1, { rng });
    this.bboxEmbed = new MLP([dModel, dModel, dModel, 4], rng);
    this.queryEmbed = new Embedding(numQueries, dModel, { rng });
    this.inputProj = new Conv2d(body.maps.at(-1)?.channels ?? 0, dModel, 1, { rng });
    this.backbone = [{ body }];
    this.numClasses = numClasses;
    this.auxLoss = auxLoss;
    this.scoreThresh = scoreThresh;
    this.#criterion = criterion;
    this.#lossWeights = lossWeights;
  }

  /**
   * What the queries predict after each layer of the decoder.
   *
   * @param images `[batch, height, width, color]`, normalized and padded
   * @param imageSizes without the padding. Default: no padding
   */
  forward(images: Tensor4D, imageSizes?: readonly Size2d[]): SetOutputs[] {
    const [batch, height, width] = images.shape;
    const sizes = imageSizes ?? Array.from({ length: batch }, (): Size2d => [height, width]);
    return tidyLeaves(() => {
      const map = Object.values(this.backbone[0].body.forward(images)).at(-1) as Tensor4D;
      const projected = this.inputProj.forward(map); //                                          [batch, height, width, feature]
      const [, down, across, features] = projected.shape;
      const valid = sizes.map(([h, w]): Size2d => [kept(down, height, h), kept(across, width, w)]);
      const x = reshape<Rank.R3>(projected, [batch, down * across, features]); //                [batch, position, feature]
      const positions = stack(
        valid.map((size) => {
          const { data, shape } = sinePositions2d([down, across], size, features);
          return tensor2d(data, shape as [number, number]);
        }),
      ) as Tensor3D;
      const own = expandDims<Tensor3D>(this.queryEmbed.weight, 0);
      const queries = broadcastTo<Rank.R3>(own, [batch, own.shape[1], features]); //             [batch, query, feature]
      const padding = paddingOf([down, across], valid); //                                       [batch, position]
      return this.transformer.forward(x, positions, queries, padding).map((y) => ({
        logits: this.classEmbed.forward(y),
        predBoxes: sigmoid(this.bboxEmbed.forward(y)),
      }));
    });
  }

  /**
   * Detects objects in pictures of any sizes.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @returns what was found in each picture, in its own pixels
   */
  async detect(images: readonly Tensor3D[]): Promise<Detections[]> {
    const { tensors, imageSizes } = this.transform.batch(images);
    const raw = tidyLeaves(() => this.forward(tensors, imageSizes).at(-1) as SetOutputs);
    try {
      const [logits, boxes] = await Promise.all([read(raw.logits), read(raw.predBoxes)]);
      const queries = raw.logits.shape[1];
      return images.map(({ shape }, image) => {
        const of = (data: Float32Array): Float32Array => {
          const each = data.length / images.length;
          return data.subarray(image * each, (image + 1) * each);
        };
        return this.#found(of(logits), of(boxes), queries, [shape[0], shape[1]]);
      });
    } finally {
      disposeLeaves([tensors, raw]);
    }
  }

  /**
   * The weighted losses of a batch of pictures: `lossCe`, `lossBbox`, `lossGiou`, and those of earlier layers of the decoder with their number.
   *
   * @param images `[height, width, color]` each, from 0 to 1
   * @param targets one per picture, in its pixels, with classes from 0
   * @throws OptionError for a box without a width and height · ShapeError for another number of targets or labels · LabelError for a label that is not a class
   */
  losses(images: readonly Tensor3D[], targets: readonly DetectionTarget[]): Readonly<Record<string, Scalar>> {
    const sizes = images.map(({ shape }): Size2d => [shape[0], shape[1]]);
    const given = readTargets("DETR", targets, { sizes, numClasses: this.numClasses, firstClass: 0 });
    const sets = given.map((target, i) => ({
      boxes: unitCenters(target, sizes[i] as Size2d),
      labels: target.labels,
    }));
    return tidyLeaves(() => {
      const { tensors, imageSizes } = this.transform.batch(images, true);
      const outputs = this.forward(tensors, imageSizes);
      const [ce, bbox, giou] = this.#lossWeights;
      const counted = this.auxLoss ? outputs : outputs.slice(-1);
      const entries = counted.flatMap((output, layer) => {
        const suffix = layer === counted.length - 1 ? "" : `${layer}`;
        const { lossCe, lossBbox, lossGiou } = setCriterion(output, sets, this.#criterion);
        return [
          [`lossCe${suffix}`, mul<Scalar>(lossCe, ce)],
          [`lossBbox${suffix}`, mul<Scalar>(lossBbox, bbox)],
          [`lossGiou${suffix}`, mul<Scalar>(lossGiou, giou)],
        ] as const;
      });
      return Object.fromEntries(entries);
    });
  }

  #found(logits: Float32Array, boxes: Float32Array, queries: number, [height, width]: Size2d): Detections {
    const classes = this.numClasses + 1;
    const probabilities = softmaxRows(logits, classes);
    const best = Array.from({ length: queries }, (_, query) => {
      const own = probabilities.subarray(query * classes, (query + 1) * classes - 1);
      const label = largestFirst(own, 1)[0] ?? NaN;
      const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(4 * query, 4 * query + 4);
      const box = [(x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height];
      return { label, score: own[label] ?? NaN, box };
    });
    const order = largestFirst(
      best.map(({ score }) => score),
      queries,
    );
    const found = Array.from(order, (query) => best[query] as (typeof best)[number]).filter(
      ({ score }) => score > this.scoreThresh,
    );
    return {
      boxes: boxArray(Float32Array.from(found.flatMap(({ box }) => box))),
      scores: Float32Array.from(found, ({ score }) => score),
      labels: Int32Array.from(found, ({ label }) => label),
    };
  }
}

/** How many positions of a map are not padding, by the nearest pixel. */
function kept(positions: number, pixels: number, valid: number): number {
  return Array.from({ length: positions }, (_, i) => Math.floor((i * pixels) / positions)).filter(
    (at) => at < valid,
  ).length;
}

/** Where a map is padding, `[batch, position]` bool; `null` without any. */
function paddingOf([height, width]: Size2d, valid: readonly Size2d[]): Tensor2D | null {
  if (valid.every(([h, w]) => h === height && w === width)) return null;
  const rows = valid.map(([h, w]) =>
    Array.from({ length: height * width }, (_, i) => Math.floor(i / width) >= h || i % width >= w),
  );
  return tensor2d(rows, [valid.length, height * width], "bool");
}

/** Boxes as centers and sizes, in fractions of the picture. */
function unitCenters({ boxes }: HostTarget, [height, width]: Size2d): number[][] {
  const { data }: BoxArray = boxes;
  return Array.from({ length: data.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = data.subarray(4 * i, 4 * i + 4);
    return [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
  });
}

async function read(x: Tensor): Promise<Float32Array> {
  return (await x.data()) as Float32Array;
}
