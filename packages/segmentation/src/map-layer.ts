import type { Layer } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** A layer from feature maps to feature maps, `[batch, height, width, channel]`. */
export type MapLayer = Layer<Tensor4D, Tensor4D>;
