import { BatchNorm2d, Conv2d, Dropout, Linear, Module, relu, type Rng } from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { resizeTo } from "./resize-to.ts";

/** The decoder of SegFormer: each stage's map by a linear layer to equally many features, all interpolated to the finest, joined, and classified. */
export class SegformerDecodeHead extends Module {
  readonly linearProjections: readonly Projection[];
  readonly linearFuse: Conv2d;
  readonly batchNorm: BatchNorm2d;
  readonly dropout: Dropout;
  readonly classifier: Conv2d;

  constructor(
    hiddenSizes: readonly number[],
    features: number,
    numLabels: number,
    { rng, dropout }: { readonly rng: Rng; readonly dropout: number },
  ) {
    super();
    this.linearProjections = hiddenSizes.map((size) => new Projection(size, features, { rng }));
    this.linearFuse = new Conv2d(features * hiddenSizes.length, features, 1, { rng, bias: false });
    this.batchNorm = new BatchNorm2d(features);
    this.dropout = new Dropout(dropout, { rng });
    this.classifier = new Conv2d(features, numLabels, 1, { rng });
  }

  /**
   * @param maps `[batch, height / 4, width / 4, …]`, then half of the size each time, of each stage
   * @returns logits `[batch, height / 4, width / 4, numLabels]`
   */
  forward(maps: readonly Tensor4D[]): Tensor4D {
    return tidy(() => {
      const [finest] = maps as [Tensor4D];
      const projected = this.linearProjections.map((linear, i) =>
        resizeTo(linear.forward(maps[i] as Tensor4D), finest),
      ); //                                                                                [batch, height / 4, width / 4, features]
      const fused = this.linearFuse.forward(concat(projected.toReversed(), 3));
      const active = relu(this.batchNorm.forward(fused)); //                               [batch, height / 4, width / 4, features]
      return this.classifier.forward(this.dropout.forward(active)); //                     [batch, height / 4, width / 4, numLabels]
    });
  }
}

class Projection extends Module {
  readonly proj: Linear;

  constructor(inFeatures: number, outFeatures: number, { rng }: { readonly rng: Rng }) {
    super();
    this.proj = new Linear(inFeatures, outFeatures, { rng });
  }

  forward(map: Tensor4D): Tensor4D {
    return this.proj.forward(map);
  }
}
