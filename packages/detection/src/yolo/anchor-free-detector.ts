import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  convNormActivation,
  type Image,
  init,
  initialize,
  type Layer,
  Module,
  type Rng,
  Sequential,
  SiLU,
  tidyLeaves,
} from "@pellucid/core-train";
import { concat, reshape, sigmoid, tensor2d, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Decoded } from "../decode/decoded.ts";
import type { Detections } from "../models/detections.ts";
import { type AnchorFreeOutput, boxesOfDistances } from "./anchor-free-output.ts";
import { detectImage, type DetectOptions } from "./detect-image.ts";

/** Options for {@link AnchorFreeDetector}. */
export interface AnchorFreeDetectorOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The bins of each distance: boxes reach at most `bins − 1` strides from their point. Default: 16. */
  readonly bins?: number;
  /** The channels of both branches. Default: 64. */
  readonly width?: number;
  /** How many 3×3 convolutions each branch has. Default: 2. */
  readonly depth?: number;
}

/**
 * A detector without anchors, with a decoupled head: on each map of a backbone, one branch of convolutions says what is at each point, the other how far the edges of its box are, as a distribution for each. Trained with `anchorFreeLoss`.
 *
 * Tian et al., 2019, https://arxiv.org/abs/1904.01355; Ge et al., 2021, section 2.1, https://arxiv.org/abs/2107.08430; Li et al., 2020, https://arxiv.org/abs/2006.04388
 */
export class AnchorFreeDetector extends Module implements Layer<Tensor4D, AnchorFreeOutput> {
  readonly numClasses: number;
  readonly backbone: Backbone;
  readonly classHeads: readonly ReturnType<typeof branch>[];
  readonly boxHeads: readonly ReturnType<typeof branch>[];

  constructor(backbone: Backbone, numClasses: number, options: AnchorFreeDetectorOptions) {
    super();
    checkRng("AnchorFreeDetector", options);
    checkOptions("AnchorFreeDetector", options, ["rng", "bins", "width", "depth"]);
    const { rng, bins = 16, width = 64, depth = 2 } = options;
    checkSizes("AnchorFreeDetector", { numClasses, width });
    checkSizes("AnchorFreeDetector", { bins }, 2);
    checkSizes("AnchorFreeDetector", { depth }, 0);
    this.numClasses = numClasses;
    this.backbone = backbone;
    this.classHeads = backbone.maps.map(({ channels }) => branch(channels, width, depth, numClasses, rng));
    this.boxHeads = backbone.maps.map(({ channels }) => branch(channels, width, depth, 4 * bins, rng));
    // at first every score is 0.01, so that the many points without an object do not decide the first steps
    for (const head of this.classHeads) {
      initialize(head.layers.at(-1) as Conv2d, "bias", init.constant(-Math.log(99)), rng);
    }
  }

  /** @param images `[batch, height, width, channel]` */
  forward(images: Tensor4D): AnchorFreeOutput {
    return tidyLeaves(() => {
      const maps = this.backbone.forward(images);
      const batch = images.shape[0];
      const outputs = this.backbone.maps.map(({ name, stride }, i) => {
        const map = maps[name] as Tensor4D;
        const [, rows, columns] = map.shape;
        const flat = (head: ReturnType<typeof branch> | undefined) =>
          reshape(head?.forward(map) as Tensor4D, [batch, rows * columns, -1]) as Tensor3D; // [batch, anchor of map, …]
        return {
          logits: flat(this.classHeads[i]),
          distances: flat(this.boxHeads[i]),
          points: pointsOf(rows, columns, stride),
        };
      });
      const points = outputs.flatMap((output) => output.points);
      return {
        logits: concat(
          outputs.map(({ logits }) => logits),
          1,
        ), // [batch, anchor, class]
        distances: concat(
          outputs.map(({ distances }) => distances),
          1,
        ), // [batch, anchor, 4 * bin]
        points: tensor2d(points, [points.length, 3]),
      };
    });
  }

  /**
   * The box and the scores of each point, in pixels of the images.
   *
   * @param images `[batch, height, width, channel]`
   */
  decode(images: Tensor4D): Decoded {
    return tidyLeaves(() => {
      const output = this.forward(images);
      return { boxes: boxesOfDistances(output), scores: sigmoid(output.logits) };
    });
  }

  /** What is in an image, in its own pixels. */
  detect(image: Image, options: DetectOptions = {}): Promise<Detections> {
    return detectImage((images) => this.decode(images), image, options);
  }
}

function branch(channels: number, width: number, depth: number, outputs: number, rng: Rng) {
  const convolutions = Array.from({ length: depth }, (_, i) =>
    convNormActivation(i === 0 ? channels : width, width, 3, { rng, activation: new SiLU() }),
  );
  const last = new Conv2d(depth === 0 ? channels : width, outputs, 1, { rng });
  return new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...convolutions, last);
}

function pointsOf(rows: number, columns: number, stride: number): [number, number, number][] {
  return Array.from({ length: rows * columns }, (_, i) => [
    ((i % columns) + 0.5) * stride,
    (Math.floor(i / columns) + 0.5) * stride,
    stride,
  ]);
}
