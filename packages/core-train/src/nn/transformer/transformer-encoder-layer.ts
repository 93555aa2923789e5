import { checkLayerOptions } from "./check-layer-options.ts";
import { layerOptionNames } from "./layer-option-names.ts";
import { add, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { dropoutTimeFirst } from "../attention/dropout-time-first.ts";
import type { KeyValues } from "../attention/key-values.ts";
import { MultiheadAttention } from "../attention/multihead-attention.ts";
import { Dropout } from "../dropout.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { relu } from "../relu.ts";

/** Options for {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}. */
export interface TransformerLayerOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Features between the two linear layers. Default: 2048. */
  readonly dimFeedforward?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly dropout?: number;
  /** The activation between the two linear layers: `gelu`, or a custom function. Default: `relu`. */
  readonly activation?: (x: Tensor3D) => Tensor3D;
  /** Added to the variance by the norms. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether each norm comes before its sublayer instead of after the residual sum. Default: false. */
  readonly normFirst?: boolean;
  /** Whether the linear layers and norms have a bias. Default: true. */
  readonly bias?: boolean;
}

/** The masks of an encoder. */
export interface EncoderMasks {
  /** `[time, time]` or `[batch · head, time, time]`: `bool` with `true` where attention is **blocked**, or `float32` values that are added to the scores. */
  readonly mask?: Tensor | null;
  /** Padding, `[batch, time]`: `bool` with `true` for padding, or `float32` values that are added to the scores of a key. */
  readonly srcKeyPaddingMask?: Tensor2D | null;
  /** Whether later time steps are masked. Default: false. */
  readonly isCausal?: boolean;
}

/**
 * Self-attention, then a feed-forward network, each with a norm and a residual connection; as `torch.nn.TransformerEncoderLayer`
 * with `batch_first=True`.
 *
 * Vaswani et al., 2017, section 3.1. https://arxiv.org/abs/1706.03762
 * Xiong et al., 2020. On layer normalization in the transformer architecture. https://arxiv.org/abs/2002.04745 (`normFirst`)
 */
export class TransformerEncoderLayer
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>
{
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
    checkOptions("TransformerEncoderLayer", options, layerOptionNames);
    checkLayerOptions("TransformerEncoderLayer", dModel, nhead, options);
    const { rng, dimFeedforward = 2048, dropout = 0.1, bias = true } = options;
    const { activation = relu, layerNormEps: eps = 1e-5, normFirst = false } = options;
    this.dModel = dModel;
    this.normFirst = normFirst;
    this.activation = activation;
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
    return tidy(() => {
      const attended = this.selfAttn.forward(this.#beforeAttention(x), {
        attnMask,
        keyPaddingMask,
        isCausal,
      });
      return this.#afterAttention(x, attended);
    });
  }

  initialState(batch: number): KeyValues {
    return this.selfAttn.initialState(batch);
  }

  /**
   * Processes the next time steps, with causal attention.
   *
   * @param x `[batch, time, feature]`
   */
  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    checkShape(`TransformerEncoderLayer(${this.dModel})`, "x", x, ["batch", "time", this.dModel]);
    return tidy(() => {
      const attended = this.selfAttn.step(this.#beforeAttention(x), state);
      return { output: this.#afterAttention(x, attended.output), state: attended.state };
    });
  }

  #beforeAttention(x: Tensor3D): Tensor3D {
    return this.normFirst ? this.norm1.forward(x) : x;
  }

  /** The rest of the layer, after the output of its attention. */
  #afterAttention(x: Tensor3D, attended: Tensor3D): Tensor3D {
    const { norm1, norm2, dropout1, dropout2 } = this;
    const sum = add<Tensor3D>(x, dropoutTimeFirst(attended, dropout1));
    if (this.normFirst) return add(sum, dropout2.forward(this.#feedForward(norm2.forward(sum))));
    const normal = norm1.forward(sum);
    return norm2.forward(add<Tensor3D>(normal, dropout2.forward(this.#feedForward(normal))));
  }

  #feedForward(x: Tensor3D): Tensor3D {
    const inner = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.linear2.forward(inner);
  }
}
