import { Conv2d, LayerNorm, Module, type Rng, StochasticDepth } from "@pellucid/core-train";
import { add, type Rank, reshape, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type GridTokens, SegformerAttention } from "./segformer-attention.ts";
import type { MapLayer } from "./map-layer.ts";
import { SegformerMixMlp } from "./segformer-mix-mlp.ts";

/** Options for {@link SegformerStage}. */
export interface SegformerStageOptions {
  readonly rng: Rng;
  readonly depth: number;
  readonly numHeads: number;
  readonly srRatio: number;
  readonly patchSize: number;
  readonly stride: number;
  readonly mlpRatio: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  /** The probability that a block's branches are dropped, by block. */
  readonly dropPath: readonly number[];
}

/** A stage of SegFormer's encoder: overlapping patches, transformer blocks, and a norm. */
export class SegformerStage extends Module implements MapLayer {
  readonly patchEmbeddings: PatchEmbeddings;
  readonly blocks: readonly SegformerBlock[];
  readonly layerNorm: LayerNorm;

  constructor(inChannels: number, hiddenSize: number, options: SegformerStageOptions) {
    super();
    this.patchEmbeddings = new PatchEmbeddings(inChannels, hiddenSize, options);
    this.blocks = options.dropPath.map((dropPath) => new SegformerBlock(hiddenSize, options, dropPath));
    this.layerNorm = new LayerNorm(hiddenSize);
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height / stride, width / stride, hiddenSize]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const map = this.patchEmbeddings.forward(x); // [batch, height, width, hiddenSize]
      const [batch, height, width, features] = map.shape;
      const tokens = reshape<Rank.R3>(map, [batch, height * width, features]); // [batch, time, hiddenSize]
      const through = (y: Tensor3D, block: SegformerBlock) => block.forward({ tokens: y, height, width });
      const attended = this.layerNorm.forward(this.blocks.reduce(through, tokens)); // [batch, time, hiddenSize]
      return reshape<Rank.R4>(attended, map.shape); //                                 [batch, height, width, hiddenSize]
    });
  }
}

class PatchEmbeddings extends Module implements MapLayer {
  readonly proj: Conv2d;
  readonly layerNorm: LayerNorm;

  constructor(inChannels: number, hiddenSize: number, options: SegformerStageOptions) {
    super();
    const { rng, patchSize, stride } = options;
    const padding = Math.floor(patchSize / 2);
    this.proj = new Conv2d(inChannels, hiddenSize, patchSize, { rng, stride, padding });
    this.layerNorm = new LayerNorm(hiddenSize);
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => this.layerNorm.forward(this.proj.forward(x)));
  }
}

class SegformerBlock extends Module {
  readonly layernormBefore: LayerNorm;
  readonly attention: SegformerAttention;
  readonly dropPath: StochasticDepth;
  readonly layernormAfter: LayerNorm;
  readonly mlp: SegformerMixMlp;

  constructor(hiddenSize: number, options: SegformerStageOptions, dropPath: number) {
    super();
    const { rng, numHeads, srRatio, mlpRatio, dropout, attentionDropout } = options;
    this.layernormBefore = new LayerNorm(hiddenSize);
    this.attention = new SegformerAttention(hiddenSize, numHeads, {
      rng,
      srRatio,
      dropout,
      attentionDropout,
    });
    this.dropPath = new StochasticDepth(dropPath, { rng });
    this.layernormAfter = new LayerNorm(hiddenSize);
    this.mlp = new SegformerMixMlp(hiddenSize, Math.trunc(hiddenSize * mlpRatio), { rng, dropout });
  }

  forward({ tokens, height, width }: GridTokens): Tensor3D {
    return tidy(() => {
      const normed = this.layernormBefore.forward(tokens); // [batch, time, hiddenSize]
      const attended = this.attention.forward({ tokens: normed, height, width });
      const x = add<Tensor3D>(this.dropPath.forward(attended), tokens);
      const mixed = this.mlp.forward({ tokens: this.layernormAfter.forward(x), height, width });
      return add<Tensor3D>(this.dropPath.forward(mixed), x);
    });
  }
}
