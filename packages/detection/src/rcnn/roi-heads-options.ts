import type { Layer, Module, Rng } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";

/** From maps to maps. */
export type MapLayer = Module & Layer<Tensor4D, Tensor4D>;

/** The layers that make a map of each region: pooling, convolutions, and the last layer. */
export interface MapBranch {
  readonly pool: MultiScaleRoIAlign;
  readonly head: MapLayer;
  readonly predictor: MapLayer;
}

/** Options for {@link RoIHeads}. */
export interface RoIHeadsOptions {
  /** Random generator for the sampling of regions in training. */
  readonly rng: Rng;
  /** The layers for masks. Default: none. */
  readonly mask?: MapBranch | null;
  /** The layers for keypoints. Default: none. */
  readonly keypoint?: MapBranch | null;
  /** The IoU with an object from which on a region is one. Default: 0.5. */
  readonly fgIouThresh?: number;
  /** The IoU with every object below which a region is background. Default: 0.5. */
  readonly bgIouThresh?: number;
  /** How many regions of an image count in training. Default: 512. */
  readonly batchSizePerImage?: number;
  /** How many of these have an object at most, as a fraction. Default: 0.25. */
  readonly positiveFraction?: number;
  /** The weights of the {@link BoxCoder}. Default: 10, 10, 5, 5. */
  readonly bboxRegWeights?: readonly [number, number, number, number];
  /** The score above which a region is a detection. Default: 0.05. */
  readonly scoreThresh?: number;
  /** The IoU above which the lower score of two detections of a class goes. Default: 0.5. */
  readonly nmsThresh?: number;
  /** How many detections of an image are kept. Default: 100. */
  readonly detectionsPerImg?: number;
}
