import {
  Dropout,
  gelu,
  type HasTorchLayout,
  init,
  type KeyValues,
  Linear,
  Module,
  relu,
  RMSNorm,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { T5Attention } from "./t5-attention.ts";
import { type SettledT5Options, settleT5Options, type T5Options } from "./t5-options.ts";

/** Options for {@link T5Block}. */
export interface T5BlockOptions extends T5Options {
  /** Whether it is a decoder's, which attends to earlier tokens and to what the encoder has read. Default: false. */
  readonly isDecoder?: boolean;
  /** Whether it is the first of its stack, which has the biases of distances. Default: false. */
  readonly isFirst?: boolean;
}

/**
 * Self-attention, in a decoder attention to the encoder's output, and a feed-forward network, each after a norm and with a residual connection; with the
 * names of Hugging Face's T5.
 */
export class T5Block extends Module implements HasTorchLayout {
  readonly isDecoder: boolean;
  readonly selfAttention: T5Attention;
  readonly selfNorm: RMSNorm;
  readonly encDecAttention: T5Attention | null;
  readonly encDecNorm: RMSNorm | null;
  readonly denseReluDense: T5Dense;
  readonly denseNorm: RMSNorm;
  readonly dropout: Dropout;

  constructor(options: T5BlockOptions) {
    super();
    const settled = settleT5Options("T5Block", options);
    const { isDecoder = false, isFirst: hasRelativeAttentionBias = false } = options;
    const { dModel, layerNormEpsilon: eps } = settled;
    const norm = () => new RMSNorm(dModel, { eps });
    this.isDecoder = isDecoder;
    this.selfAttention = new T5Attention({ ...settled, hasRelativeAttentionBias, bidirectional: !isDecoder });
    this.selfNorm = norm();
    this.encDecAttention = isDecoder ? new T5Attention(settled) : null;
    this.encDecNorm = isDecoder ? norm() : null;
    this.denseReluDense = new T5Dense(settled);
    this.denseNorm = norm();
    this.dropout = new Dropout(settled.dropoutRate, { rng: settled.rng });
  }

  get torchLayout(): TorchLayout {
    const last = this.isDecoder ? "layer.2" : "layer.1";
    return {
      selfAttention: { name: "layer.0.SelfAttention" },
      selfNorm: { name: "layer.0.layer_norm" },
      encDecAttention: { name: "layer.1.EncDecAttention" },
      "encDecAttention.relativeAttentionBias.weight": { ignored: true }, // in old files
      encDecNorm: { name: "layer.1.layer_norm" },
      denseReluDense: { name: `${last}.DenseReluDense` },
      denseNorm: { name: `${last}.layer_norm` },
    };
  }

  /**
   * A block of an encoder.
   *
   * @param x `[batch, time, feature]`
   * @param mask added to the scores, `[batch or 1, head, query, key]`
   */
  encode(x: Tensor3D, mask: Tensor4D | null): Tensor3D {
    return tidy(() => {
      const inner = this.selfNorm.forward(x);
      const attended = this.selfAttention.attend(inner, this.selfAttention.keyValues(inner), mask);
      return this.#feedForward(add(x, this.dropout.forward(attended)));
    });
  }

  /**
   * A block of a decoder, for the next tokens.
   *
   * @param x `[batch, time, feature]`
   * @param bias of distances, `[1, head, query, key]`
   * @param source keys and values of what the encoder has read
   * @param sourceMask added to the scores for these
   */
  decode(
    x: Tensor3D,
    bias: Tensor4D | null,
    source: KeyValues,
    sourceMask: Tensor4D | null,
    cache: KeyValues | null,
  ): Step<Tensor3D, KeyValues> {
    return tidy(() => {
      const { output, state } = this.selfAttention.step(this.selfNorm.forward(x), bias, cache);
      const own = add<Tensor3D>(x, this.dropout.forward(output)); // [batch, time, feature]
      const inner = this.encDecNorm?.forward(own) ?? own;
      const read = this.encDecAttention?.attend(inner, source, sourceMask);
      const both = read === undefined ? own : add<Tensor3D>(own, this.dropout.forward(read));
      return { output: this.#feedForward(both), state };
    });
  }

  #feedForward(x: Tensor3D): Tensor3D {
    return add(x, this.dropout.forward(this.denseReluDense.forward(this.denseNorm.forward(x))));
  }
}

/** The feed-forward network of T5, plain or gated. */
class T5Dense extends Module implements HasTorchLayout {
  /** Without a gate. */
  readonly wi: Linear | null;
  /** With a gate, which is the first. */
  readonly wi0: Linear | null;
  readonly wi1: Linear | null;
  readonly wo: Linear;
  readonly dropout: Dropout;

  constructor(options: SettledT5Options) {
    super();
    const { rng, dModel, dFf, feedForwardProj, dropoutRate } = options;
    const wide = () => new Linear(dModel, dFf, { rng, bias: false, init: init.normal(0, dModel ** -0.5) });
    const gated = feedForwardProj === "gated-gelu";
    this.wi = gated ? null : wide();
    this.wi0 = gated ? wide() : null;
    this.wi1 = gated ? wide() : null;
    this.wo = new Linear(dFf, dModel, { rng, bias: false, init: init.normal(0, dFf ** -0.5) });
    this.dropout = new Dropout(dropoutRate, { rng });
  }

  get torchLayout(): TorchLayout {
    return { wi0: { name: "wi_0" }, wi1: { name: "wi_1" } };
  }

  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.wo.forward(this.dropout.forward(this.#inner(x))));
  }

  #inner(x: Tensor3D): Tensor3D {
    const { wi, wi0, wi1 } = this;
    if (wi !== null) return relu(wi.forward(x));
    const gate = gelu(wi0?.forward(x) ?? x, { approximate: "tanh" });
    return mul(gate, wi1?.forward(x) ?? x); // [batch, time, inner]
  }
}
