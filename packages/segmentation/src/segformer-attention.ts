import {
  Conv2d,
  DotProductAttention,
  Dropout,
  isTraining,
  LayerNorm,
  Linear,
  mergeHeads,
  Module,
  type Rng,
  splitHeads,
} from "@pellucid/core-train";
import { type Rank, reshape, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Pixels as a sequence, row by row. */
export interface GridTokens {
  /** `[batch, height · width, feature]` */
  readonly tokens: Tensor3D;
  readonly height: number;
  readonly width: number;
}

/**
 * Self-attention of all pixels to a coarser grid of them, which a strided convolution makes.
 *
 * Xie et al., 2021, eq. 1 and 2. https://arxiv.org/abs/2105.15203
 */
export class SegformerAttention extends Module {
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly sequenceReduction: SequenceReduction | null;
  readonly attention = new DotProductAttention();
  readonly dropout: Dropout;
  readonly numHeads: number;
  readonly attentionDropout: number;
  readonly #rng: Rng;

  constructor(
    hiddenSize: number,
    numHeads: number,
    options: {
      readonly rng: Rng;
      readonly srRatio: number;
      readonly dropout: number;
      readonly attentionDropout: number;
    },
  ) {
    super();
    const { rng, srRatio, dropout, attentionDropout } = options;
    this.qProj = new Linear(hiddenSize, hiddenSize, { rng });
    this.kProj = new Linear(hiddenSize, hiddenSize, { rng });
    this.vProj = new Linear(hiddenSize, hiddenSize, { rng });
    this.oProj = new Linear(hiddenSize, hiddenSize, { rng });
    this.sequenceReduction = srRatio > 1 ? new SequenceReduction(hiddenSize, srRatio, { rng }) : null;
    this.dropout = new Dropout(dropout, { rng });
    this.numHeads = numHeads;
    this.attentionDropout = attentionDropout;
    this.#rng = rng;
  }

  /** @returns the shape of the tokens */
  forward({ tokens, height, width }: GridTokens): Tensor3D {
    const { numHeads, sequenceReduction } = this;
    return tidy(() => {
      const coarse = sequenceReduction?.forward({ tokens, height, width }) ?? tokens; // [batch, key, feature]
      const query = splitHeads(this.qProj.forward(tokens), numHeads); //                  [batch, head, query, feature / head]
      const key = splitHeads(this.kProj.forward(coarse), numHeads); //                    [batch, head, key, feature / head]
      const value = splitHeads(this.vProj.forward(coarse), numHeads);
      const options = { rng: this.#rng, dropout: isTraining(this) ? this.attentionDropout : 0 };
      const attended = mergeHeads(this.attention.forward({ query, key, value, options })); // [batch, query, feature]
      return this.dropout.forward(this.oProj.forward(attended));
    });
  }
}

class SequenceReduction extends Module {
  readonly sequenceReduction: Conv2d;
  readonly layerNorm: LayerNorm;

  constructor(hiddenSize: number, ratio: number, { rng }: { readonly rng: Rng }) {
    super();
    this.sequenceReduction = new Conv2d(hiddenSize, hiddenSize, ratio, { rng, stride: ratio });
    this.layerNorm = new LayerNorm(hiddenSize);
  }

  forward({ tokens, height, width }: GridTokens): Tensor3D {
    const [batch, , features] = tokens.shape;
    return tidy(() => {
      const map = reshape<Rank.R4>(tokens, [batch, height, width, features]);
      const coarse = this.sequenceReduction.forward(map); // [batch, height / ratio, width / ratio, feature]
      return this.layerNorm.forward(reshape<Rank.R3>(coarse, [batch, -1, features])); // [batch, key, feature]
    });
  }
}
