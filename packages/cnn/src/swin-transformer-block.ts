import {
  Dropout,
  GELU,
  init,
  initialize,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  type Rng,
  Sequential,
  StochasticDepth,
} from "@pellucid/core-train";
import {
  add,
  type Rank,
  reshape,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { ShiftedWindowAttentionV2 } from "./shifted-window-attention-v2.ts";
import { ShiftedWindowAttention } from "./shifted-window-attention.ts";

/** Options for {@link SwinTransformerBlock}. */
export interface SwinTransformerBlockOptions {
  readonly rng: Rng;
  readonly version: 1 | 2;
  readonly numHeads: number;
  readonly windowSize: number;
  readonly shift: number;
  readonly mlpRatio: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly stochasticDepthProb: number;
}

/** Attention within windows and an MLP, each with a residual connection. Version 1 normalizes before, version 2 after them. */
export class SwinTransformerBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly norm1: LayerNorm;
  readonly attn: ShiftedWindowAttention | ShiftedWindowAttentionV2;
  readonly stochasticDepth: StochasticDepth;
  readonly norm2: LayerNorm;
  readonly mlp: Sequential<[Linear, GELU, Dropout, Linear, Dropout]>;
  readonly version: 1 | 2;

  constructor(dim: number, options: SwinTransformerBlockOptions) {
    super();
    const { rng, version, numHeads, windowSize, shift, dropout, attentionDropout } = options;
    const hidden = Math.trunc(dim * options.mlpRatio);
    const Attention = version === 1 ? ShiftedWindowAttention : ShiftedWindowAttentionV2;
    this.version = version;
    this.norm1 = new LayerNorm(dim);
    this.attn = new Attention(dim, [windowSize, windowSize], numHeads, {
      rng,
      shiftSize: [shift, shift],
      attentionDropout,
      dropout,
    });
    this.stochasticDepth = new StochasticDepth(options.stochasticDepthProb, { rng });
    this.norm2 = new LayerNorm(dim);
    this.mlp = new Sequential(
      new Linear(dim, hidden, { rng }),
      new GELU(),
      new Dropout(dropout, { rng }),
      new Linear(hidden, dim, { rng }),
      new Dropout(dropout, { rng }),
    );
    for (const layer of this.mlp.layers) {
      if (!(layer instanceof Linear)) continue;
      initialize(layer, "weight", init.xavierUniform(), rng);
      initialize(layer, "bias", init.normal(0, 1e-6), rng);
    }
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const [batch, height, width, dim] = x.shape;
      const mixed = this.#residual(x, this.norm1, this.attn);
      const pixels: Tensor3D = reshape(mixed, [batch, height * width, dim]);
      return reshape<Rank.R4>(this.#residual(pixels, this.norm2, this.mlp), x.shape);
    });
  }

  #residual<X extends Tensor>(x: X, norm: LayerNorm, layer: Layer<X, X>): X {
    const branch = this.version === 1 ? layer.forward(norm.forward(x)) : norm.forward(layer.forward(x));
    return add(x, this.stochasticDepth.forward(branch));
  }
}
