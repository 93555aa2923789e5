import { add, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { Dropout } from "../dropout.ts";
import { gelu } from "../gelu.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { relu } from "../relu.ts";
import { dropAttended } from "../attention/drop-attended.ts";
import type { Advanced, KeyValues } from "../attention/key-values.ts";
import { MultiheadAttention } from "../attention/multihead-attention.ts";

/** How the layers of a transformer are made. */
export interface TransformerLayerOptions {
  /** Where the first weights come from, and what dropout draws. */
  readonly rng: Rng;
  /** Features between the two linear layers. Default: 2048. */
  readonly dimFeedforward?: number;
  /** How likely a number is dropped in training, in four places. Default: 0.1. */
  readonly dropout?: number;
  /** Between the two linear layers. Default: `"relu"`. */
  readonly activation?: "relu" | "gelu" | ((x: Tensor3D) => Tensor3D);
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether each part normalizes what it takes in, rather than its sum with what went past it. Default: false. */
  readonly normFirst?: boolean;
  /** Whether the linear layers and norms have a bias. Default: true. */
  readonly bias?: boolean;
}

/** Who looks at whom in an encoder. */
export interface EncoderMasks {
  /** `[time, time]` or `[batch · head, time, time]`: `bool` with `true` where one may **not** look, or real numbers to add to scores. */
  readonly mask?: Tensor | null;
  /** Moments that are padding: `[batch, time]`, `bool` with `true` for those, or real numbers to add to their scores. */
  readonly srcKeyPaddingMask?: Tensor2D | null;
  /** Whether none looks ahead. Default: false. */
  readonly isCausal?: boolean;
}

/**
 * Attention among the moments of a sequence, then two linear layers at each, with a norm and what goes past it for both; as
 * `torch.nn.TransformerEncoderLayer` with `batch_first=True`.
 *
 * Vaswani et al., 2017, section 3.1. https://arxiv.org/abs/1706.03762
 * Xiong et al., 2020. On layer normalization in the transformer architecture. https://arxiv.org/abs/2002.04745 (`normFirst`)
 */
export class TransformerEncoderLayer extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly dModel: number;
  readonly normFirst: boolean;
  readonly activation: (x: Tensor3D) => Tensor3D;
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions) {
    super();
    const { rng, dimFeedforward = 2048, dropout = 0.1, bias = true } = options;
    const { activation = "relu", layerNormEps: eps = 1e-5, normFirst = false } = options;
    this.dModel = dModel;
    this.normFirst = normFirst;
    this.activation = activationOf(activation);
    this.selfAttn = new MultiheadAttention(dModel, nhead, { rng, dropout, bias });
    this.linear1 = new Linear(dModel, dimFeedforward, { rng, bias });
    this.dropout = new Dropout(dropout, { rng });
    this.linear2 = new Linear(dimFeedforward, dModel, { rng, bias });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout, { rng });
    this.dropout2 = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, time, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, masks: EncoderMasks = {}): Tensor3D {
    const { mask: attnMask = null, srcKeyPaddingMask: keyPaddingMask = null, isCausal = false } = masks;
    checkShape(`TransformerEncoderLayer(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() =>
      this.#around(x, (inner) => this.selfAttn.forward(inner, { attnMask, keyPaddingMask, isCausal })),
    );
  }

  /** What is remembered before a sequence. */
  initialState(batch: number): KeyValues {
    return this.selfAttn.initialState(batch);
  }

  /**
   * What comes of some more moments, one or many, after those that left `before`, where none looks ahead.
   *
   * @param x `[batch, time, feature]`
   */
  advance(x: Tensor3D, before: KeyValues): Advanced<Tensor3D, KeyValues> {
    checkShape(`TransformerEncoderLayer(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => {
      let state = before;
      const y = this.#around(x, (inner) => {
        const after = this.selfAttn.advance(inner, before);
        state = after.state;
        return after.y;
      });
      return { y, state };
    });
  }

  /** The layer around its attention. */
  #around(x: Tensor3D, attend: (x: Tensor3D) => Tensor3D): Tensor3D {
    const { norm1, norm2, dropout1, dropout2 } = this;
    if (this.normFirst) {
      const seen = add<Tensor3D>(x, dropAttended(attend(norm1.forward(x)), dropout1));
      return add(seen, dropout2.forward(this.#feed(norm2.forward(seen))));
    }
    const seen = norm1.forward(add<Tensor3D>(x, dropAttended(attend(x), dropout1)));
    return norm2.forward(add<Tensor3D>(seen, dropout2.forward(this.#feed(seen))));
  }

  #feed(x: Tensor3D): Tensor3D {
    const wide = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.linear2.forward(wide);
  }
}

/** An activation by PyTorch's name for it. */
export function activationOf(
  activation: NonNullable<TransformerLayerOptions["activation"]>,
): (x: Tensor3D) => Tensor3D {
  if (activation === "relu") return (x) => relu(x);
  if (activation === "gelu") return (x) => gelu(x);
  return activation;
}
