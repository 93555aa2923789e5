import { checkLayerOptions } from "./check-layer-options.ts";
import { layerOptionNames } from "./layer-option-names.ts";
import { add, type Tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import { Module } from "../../module/module.ts";
import type { SequenceLayer, Step } from "../../module/sequence-layer.ts";
import { checkShape } from "../../shape-error.ts";
import { dropoutTimeFirst } from "../attention/dropout-time-first.ts";
import type { KeyValues } from "../attention/key-values.ts";
import { MultiheadAttention } from "../attention/multihead-attention.ts";
import { Dropout } from "../dropout.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { relu } from "../relu.ts";
import type { TransformerLayerOptions } from "./transformer-encoder-layer.ts";

/** The masks of a decoder. In a `bool` mask `true` **blocks** attention. */
export interface DecoderMasks {
  /** Within the target: `[target, target]` or `[batch · head, target, target]`. */
  readonly tgtMask?: Tensor | null;
  /** From the target to the memory: `[target, source]` or `[batch · head, target, source]`. */
  readonly memoryMask?: Tensor | null;
  /** Padding in the target, `[batch, target]`. */
  readonly tgtKeyPaddingMask?: Tensor2D | null;
  /** Padding in the memory, `[batch, source]`. */
  readonly memoryKeyPaddingMask?: Tensor2D | null;
  /** Whether later time steps of the target are masked. Default: false. */
  readonly tgtIsCausal?: boolean;
}

/** The input of a step of a decoder. */
export interface DecoderInput {
  /** The next time steps of the target, `[batch, target, feature]`. */
  readonly target: Tensor3D;
  /** The output of the encoder, `[batch, source, feature]`. */
  readonly memory: Tensor3D;
  /** Padding in the memory, `[batch, source]`. */
  readonly memoryKeyPaddingMask?: Tensor2D | null;
}

/**
 * Self-attention of the target, cross-attention to the output of an encoder, then a feed-forward network; as
 * `torch.nn.TransformerDecoderLayer` with `batch_first=True`.
 *
 * Vaswani et al., 2017, section 3.1. https://arxiv.org/abs/1706.03762
 */
export class TransformerDecoderLayer
  extends Module
  implements SequenceLayer<DecoderInput, Tensor3D, KeyValues>
{
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
    checkOptions("TransformerDecoderLayer", options, layerOptionNames);
    checkLayerOptions("TransformerDecoderLayer", dModel, nhead, options);
    const { rng, dimFeedforward = 2048, dropout = 0.1, bias = true } = options;
    const { activation = relu, layerNormEps: eps = 1e-5, normFirst = false } = options;
    this.dModel = dModel;
    this.normFirst = normFirst;
    this.activation = activation;
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
   * @param x the target, `[batch, target, feature]`
   * @param memory the output of the encoder, `[batch, source, feature]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D, memory: Tensor3D, masks: DecoderMasks = {}): Tensor3D {
    const { tgtMask: attnMask = null, tgtKeyPaddingMask: keyPaddingMask = null } = masks;
    const { tgtIsCausal: isCausal = false } = masks;
    this.#check(x, memory);
    return tidy(() => {
      const attended = this.selfAttn.forward(this.#beforeAttention(x), {
        attnMask,
        keyPaddingMask,
        isCausal,
      });
      return this.#afterAttention(x, attended, memory, masks);
    });
  }

  initialState(batch: number): KeyValues {
    return this.selfAttn.initialState(batch);
  }

  /** Processes the next time steps of the target, with causal self-attention. */
  step(
    { target, memory, memoryKeyPaddingMask = null }: DecoderInput,
    state: KeyValues,
  ): Step<Tensor3D, KeyValues> {
    this.#check(target, memory);
    return tidy(() => {
      const attended = this.selfAttn.step(this.#beforeAttention(target), state);
      const output = this.#afterAttention(target, attended.output, memory, { memoryKeyPaddingMask });
      return { output, state: attended.state };
    });
  }

  #check(x: Tensor3D, memory: Tensor3D): void {
    const caller = `TransformerDecoderLayer(${this.dModel})`;
    checkShape(caller, "x", x, ["batch", "target", this.dModel]);
    checkShape(caller, "memory", memory, [x.shape[0], "source", this.dModel]);
  }

  #beforeAttention(x: Tensor3D): Tensor3D {
    return this.normFirst ? this.norm1.forward(x) : x;
  }

  /** The rest of the layer, after the output of its self-attention. */
  #afterAttention(
    x: Tensor3D,
    attended: Tensor3D,
    memory: Tensor3D,
    { memoryMask: attnMask = null, memoryKeyPaddingMask: keyPaddingMask = null }: DecoderMasks,
  ): Tensor3D {
    const { norm1, norm2, norm3, dropout1, dropout2, dropout3, multiheadAttn } = this;
    const crossAttend = (query: Tensor3D): Tensor3D =>
      dropoutTimeFirst(multiheadAttn.forward(query, { key: memory, attnMask, keyPaddingMask }), dropout2);
    const sum = add<Tensor3D>(x, dropoutTimeFirst(attended, dropout1));
    if (this.normFirst) {
      const crossed = add<Tensor3D>(sum, crossAttend(norm2.forward(sum)));
      return add(crossed, dropout3.forward(this.#feedForward(norm3.forward(crossed))));
    }
    const normal = norm1.forward(sum);
    const crossed = norm2.forward(add<Tensor3D>(normal, crossAttend(normal)));
    return norm3.forward(add<Tensor3D>(crossed, dropout3.forward(this.#feedForward(crossed))));
  }

  #feedForward(x: Tensor3D): Tensor3D {
    const inner = this.dropout.forward(this.activation(this.linear1.forward(x)));
    return this.linear2.forward(inner);
  }
}
