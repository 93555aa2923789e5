import { Conv2d, Dropout, gelu, Linear, Module, type Rng } from "@pellucid/core-train";
import { type Rank, reshape, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";
import type { GridTokens } from "./segformer-attention.ts";

/**
 * The feed-forward layer of SegFormer: a 3×3 convolution of each channel between two linear layers, by which tokens know their positions.
 *
 * Xie et al., 2021, eq. 3. https://arxiv.org/abs/2105.15203
 */
export class SegformerMixMlp extends Module {
  readonly fc1: Linear;
  readonly dwconv: DepthwiseConv;
  readonly fc2: Linear;
  readonly dropout: Dropout;

  constructor(
    features: number,
    hidden: number,
    { rng, dropout }: { readonly rng: Rng; readonly dropout: number },
  ) {
    super();
    this.fc1 = new Linear(features, hidden, { rng });
    this.dwconv = new DepthwiseConv(hidden, { rng });
    this.fc2 = new Linear(hidden, features, { rng });
    this.dropout = new Dropout(dropout, { rng });
  }

  /** @returns the shape of the tokens */
  forward({ tokens, height, width }: GridTokens): Tensor3D {
    return tidy(() => {
      const wide = this.fc1.forward(tokens); // [batch, time, hidden]
      const [batch, , hidden] = wide.shape;
      const mixed = this.dwconv.forward(reshape<Rank.R4>(wide, [batch, height, width, hidden]));
      const active = gelu(reshape<Rank.R3>(mixed, wide.shape)); // [batch, time, hidden]
      return this.dropout.forward(this.fc2.forward(this.dropout.forward(active)));
    });
  }
}

class DepthwiseConv extends Module implements MapLayer {
  readonly dwconv: Conv2d;

  constructor(channels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.dwconv = new Conv2d(channels, channels, 3, { rng, padding: 1, groups: channels });
  }

  forward(x: Tensor4D): Tensor4D {
    return this.dwconv.forward(x);
  }
}
