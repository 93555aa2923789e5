import {
  type Backbone,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  type Image,
  type Layer,
  Module,
  OptionError,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  add,
  concat,
  exp,
  mul,
  reshape,
  sigmoid,
  split,
  sub,
  type Tensor3D,
  tensor3d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Decoded } from "../decode/decoded.ts";
import type { Detections } from "../models/detections.ts";
import { anchorGrid, type AnchorMap } from "./anchor-grid.ts";
import type { BoxSize } from "./anchors-by-k-means.ts";
import { detectImage, type DetectOptions } from "./detect-image.ts";

/** Options for {@link YoloAnchors}. */
export interface YoloAnchorsOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * A detector with several objects for each cell of one or more grids, as YOLO v2 and v3: a convolution on each map of a backbone predicts, for each anchor, whether there is an object, its center within the
 * cell, the logarithm of its size over the anchor's, and its class. See `anchorTarget`, `anchorLoss` and `anchorsByKMeans`.
 * Redmon and Farhadi, 2018. https://arxiv.org/abs/1804.02767
 */
export class YoloAnchors extends Module implements Layer<Tensor4D, Tensor3D> {
  readonly numClasses: number;
  readonly backbone: Backbone;
  readonly heads: readonly Conv2d[];
  readonly #anchors: readonly (readonly BoxSize[])[];

  /** @param anchors width and height in pixels, of each of the backbone's maps */
  constructor(
    backbone: Backbone,
    numClasses: number,
    anchors: readonly (readonly BoxSize[])[],
    options: YoloAnchorsOptions,
  ) {
    super();
    checkRng("YoloAnchors", options);
    checkOptions("YoloAnchors", options, ["rng"]);
    checkSizes("YoloAnchors", { numClasses });
    if (anchors.length !== backbone.maps.length || anchors.some(({ length }) => length === 0))
      throw new OptionError(
        "YoloAnchors",
        "anchors",
        `[${anchors.map(({ length }) => length).join(", ")}]`,
        `some for each of the ${backbone.maps.length} maps`,
      );
    this.numClasses = numClasses;
    this.backbone = backbone;
    this.#anchors = anchors.map((own) => own.map(([width, height]) => [width, height] as const));
    this.heads = backbone.maps.map(
      ({ channels }, i) =>
        new Conv2d(channels, (anchors[i]?.length as number) * (5 + numClasses), 1, { rng: options.rng }),
    );
  }

  /** What `anchorTarget` needs to know. */
  get maps(): readonly AnchorMap[] {
    return this.backbone.maps.map(({ stride }, i) => ({ stride, anchors: this.#anchors[i] ?? [] }));
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, anchor, 5 + class]`: logits of the object and of its center, logarithms of its size, logits of the classes
   */
  forward(images: Tensor4D): Tensor3D {
    return tidy(() => {
      const maps = this.backbone.forward(images);
      const outputs = this.backbone.maps.map(({ name }, i) => {
        const output = (this.heads[i] as Conv2d).forward(maps[name] as Tensor4D); // [batch, row, column, anchor of cell * (5 + class)]
        return reshape(output, [images.shape[0], -1, 5 + this.numClasses]) as Tensor3D; // [batch, anchor, 5 + class]
      });
      return concat(outputs, 1); // [batch, anchor, 5 + class]
    });
  }

  /**
   * The box and the scores of each anchor, in pixels of the images.
   *
   * @param images `[batch, height, width, channel]`
   */
  decode(images: Tensor4D): Decoded {
    const [, height, width] = images.shape;
    return tidyLeaves(() => decodeAnchors(this.forward(images), [height, width], this.maps));
  }

  /** What is in an image, in its own pixels. */
  detect(image: Image, options: DetectOptions = {}): Promise<Detections> {
    return detectImage((images) => this.decode(images), image, options);
  }
}

/** The boxes and scores of what {@link YoloAnchors} returns. To be called in a `tidyLeaves`. */
function decodeAnchors(
  output: Tensor3D,
  imageSize: readonly [height: number, width: number],
  maps: readonly AnchorMap[],
): Decoded {
  const { cells, sizes } = anchorGrid("YoloAnchors", imageSize, maps);
  const count = cells.length;
  checkShape("YoloAnchors", "its output", output, ["batch", count, "5 + class"]);
  const [logit, center, logs, logits] = split(output, [1, 2, 2, output.shape[2] - 5], 2) as [
    Tensor3D,
    Tensor3D,
    Tensor3D,
    Tensor3D,
  ];
  const corners = tensor3d(
    cells.flatMap(([x, y]) => [x, y]),
    [1, count, 2],
  );
  const strides = tensor3d(
    cells.map(([, , stride]) => stride),
    [1, count, 1],
  );
  const centers = add(corners, mul(sigmoid(center), strides)); // [batch, anchor, 2]
  const halves = mul(
    exp(logs),
    tensor3d(
      sizes.flatMap(([w, h]) => [w / 2, h / 2]),
      [1, count, 2],
    ),
  );
  return {
    boxes: concat([sub(centers, halves), add(centers, halves)] as Tensor3D[], 2),
    scores: mul(sigmoid(logit), sigmoid(logits)),
  };
}
