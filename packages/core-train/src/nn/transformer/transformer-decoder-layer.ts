import { add, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { Module } from "../../module/module.ts";
import { checkShape } from "../../shape-error.ts";
import { Dropout } from "../dropout.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { dropAttended } from "../attention/drop-attended.ts";
import type { Advanced, KeyValues } from "../attention/key-values.ts";
import { MultiheadAttention } from "../attention/multihead-attention.ts";
import { activationOf, type TransformerLayerOptions } from "./transformer-encoder-layer.ts";

/** Who looks at whom in a decoder. In a `bool` mask `true` means that one may **not** look. */
export interface DecoderMasks {
  /** Within the target: `[time, time]` or `[batch · head, time, time]`. */
  readonly tgtMask?: Tensor | null;
  /** From the target to the memory: `[time, moment]` or `[batch · head, time, moment]`. */
  readonly memoryMask?: Tensor | null;
  /** Moments of the target that are padding, `[batch, time]`. */
  readonly tgtKeyPaddingMask?: Tensor2D | null;
  /** Moments of the memory that are padding, `[batch, moment]`. */
  readonly memoryKeyPaddingMask?: Tensor2D | null;
  /** Whether none looks ahead in the target. Default: false. */
  readonly tgtIsCausal?: boolean;
}

/**
 * Attention among the moments of a sequence, then from them to what an encoder made of another, then two linear layers; as
 * `torch.nn.TransformerDecoderLayer` with `batch_first=True`.
 *
 * Vaswani et al., 2017, section 3.1. https://arxiv.org/abs/1706.03762
 */
export class TransformerDecoderLayer extends Module {
  readonly dModel: number;
  readonly normFirst: boolean;
  readonly activation: (x: Tensor3D) => Tensor3D;
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions) {
    super();
    const { rng, dimFeedforward = 2048, dropout = 0.1, bias = true } = options;
    const { activation = "relu", layerNormEps: eps = 1e-5, normFirst = false } = options;
    this.dModel = dModel;
    this.normFirst = normFirst;
    this.activation = activationOf(activation);
    this.selfAttn = new MultiheadAttention(dModel, nhead, { rng, dropout, bias });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { rng, dropout, bias });
    this.linear1 = new Linear(dModel, dimFeedforward, { rng, bias });
    this.dropout = new Dropout(dropout, { rng });
    this.linear2 = new Linear(dimFeedforward, dModel, { rng, bias });
    this.norm1 = new LayerNorm(dModel, { eps, bias });
    this.norm2 = new LayerNorm(dModel, { eps, bias });
    this.norm3 = new LayerNorm(dModel, { eps, bias });
    this.dropout1 = new Dropout(dropout, { rng });
    this.dropout2 = new Dropout(dropout, { rng });
    this.dropout3 = new Dropout(dropout, { rng });
  }

  /**
   * @param x the target, `[batch, time, feature]`
   * @param memory what the encoder made of the source, `[batch, moment, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, memory: Tensor3D, masks: DecoderMasks = {}): Tensor3D {
    const { tgtMask = null, tgtKeyPaddingMask = null, tgtIsCausal = false } = masks;
    const own = { attnMask: tgtMask, keyPaddingMask: tgtKeyPaddingMask, isCausal: tgtIsCausal };
    this.#check(x, memory);
    return tidy(() => this.#around(x, memory, masks, (inner) => this.selfAttn.forward(inner, own)));
  }

  /** What is remembered before a target. */
  initialState(batch: number): KeyValues {
    return this.selfAttn.initialState(batch);
  }

  /**
   * What comes of some more moments of the target, one or many, after those that left `before`, where none looks ahead.
   *
   * @param x `[batch, time, feature]`
   * @param memory `[batch, moment, feature]`
   */
  advance(
    x: Tensor3D,
    memory: Tensor3D,
    before: KeyValues,
    masks: Pick<DecoderMasks, "memoryKeyPaddingMask"> = {},
  ): Advanced<Tensor3D, KeyValues> {
    this.#check(x, memory);
    return tidy(() => {
      let state = before;
      const y = this.#around(x, memory, masks, (inner) => {
        const after = this.selfAttn.advance(inner, before);
        state = after.state;
        return after.y;
      });
      return { y, state };
    });
  }

  #check(x: Tensor3D, memory: Tensor3D): void {
    const who = `TransformerDecoderLayer(${this.dModel})`;
    checkShape(who, "x", x, ["batch", "time", this.dModel]);
    checkShape(who, "memory", memory, [x.shape[0], "moment", this.dModel]);
  }

  /** The layer around its attention among the target. */
  #around(
    x: Tensor3D,
    memory: Tensor3D,
    { memoryMask = null, memoryKeyPaddingMask = null }: DecoderMasks,
    attend: (x: Tensor3D) => Tensor3D,
  ): Tensor3D {
    const { norm1, norm2, norm3, dropout1, dropout2, dropout3 } = this;
    const look = (inner: Tensor3D): Tensor3D =>
      this.multiheadAttn.forward(inner, {
        key: memory,
        attnMask: memoryMask,
        keyPaddingMask: memoryKeyPaddingMask,
      });
    if (this.normFirst) {
      const seen = add<Tensor3D>(x, dropAttended(attend(norm1.forward(x)), dropout1));
      const found = add<Tensor3D>(seen, dropAttended(look(norm2.forward(seen)), dropout2));
      return add(found, dropout3.forward(this.#feed(norm3.forward(found))));
    }
    const seen = norm1.forward(add<Tensor3D>(x, dropAttended(attend(x), dropout1)));
    const found = norm2.forward(add<Tensor3D>(seen, dropAttended(look(seen), dropout2)));
    return norm3.forward(add<Tensor3D>(found, dropout3.forward(this.#feed(found))));
  }

  #feed(x: Tensor3D): Tensor3D {
    const wide = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.linear2.forward(wide);
  }
}
