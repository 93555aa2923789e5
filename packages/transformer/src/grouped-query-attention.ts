import {
  checkShape,
  DotProductAttention,
  emptyKeyValues,
  type HasTorchLayout,
  init,
  type KeyValues,
  type Layer,
  Linear,
  Module,
  RMSNorm,
  type SequenceLayer,
  splitHeads,
  type Step,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { attendRotated, type RotaryHeads, rotaryHeads, type RotaryHeadsOptions } from "./rotary-heads.ts";

/** Options for {@link GroupedQueryAttention}. */
export interface GroupedQueryAttentionOptions extends RotaryHeadsOptions {
  /** Whether the projections have a bias. Default: false. */
  readonly bias?: boolean;
  /** Whether the last projection has one. Default: as the others; Qwen 2 has none. */
  readonly outBias?: boolean;
  /** Whether queries and keys are normalized within each head before they are rotated, as in Qwen 3. Default: false. */
  readonly qkNorm?: boolean;
  /** Added to the mean square by these norms. Default: 1e-6. */
  readonly rmsNormEps?: number;
}

/**
 * Causal self-attention with rotary positions, in which several heads of queries share one head of keys and values, so that the
 * cache is smaller; with the names of Hugging Face's Llama.
 *
 * Ainslie et al., 2023. GQA. https://arxiv.org/abs/2305.13245
 * Shazeer, 2019. Fast transformer decoding. https://arxiv.org/abs/1911.02150 (one head of keys and values)
 */
export class GroupedQueryAttention
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, KeyValues>, HasTorchLayout
{
  readonly heads: number;
  readonly groups: number;
  readonly headDim: number;
  readonly slidingWindow: number | null;
  readonly #about: RotaryHeads;
  readonly qProj: Linear;
  readonly kProj: Linear;
  readonly vProj: Linear;
  readonly oProj: Linear;
  readonly qNorm: RMSNorm | null;
  readonly kNorm: RMSNorm | null;
  readonly attention = new DotProductAttention();

  /** @throws {OptionError} If heads do not divide. */
  constructor(width: number, heads: number, options: GroupedQueryAttentionOptions) {
    super();
    this.#about = rotaryHeads("GroupedQueryAttention", width, heads, options);
    const { groups, headDim, slidingWindow } = this.#about;
    const { rng, bias = false, outBias = bias, qkNorm = false, rmsNormEps: eps = 1e-6 } = options;
    const made = { rng, bias, init: init.normal(0, 0.02) };
    this.heads = heads;
    this.groups = groups;
    this.headDim = headDim;
    this.slidingWindow = slidingWindow;
    this.qProj = new Linear(width, heads * headDim, made);
    this.kProj = new Linear(width, groups * headDim, made);
    this.vProj = new Linear(width, groups * headDim, made);
    this.oProj = new Linear(heads * headDim, width, { ...made, bias: outBias });
    this.qNorm = qkNorm ? new RMSNorm(headDim, { eps }) : null;
    this.kNorm = qkNorm ? new RMSNorm(headDim, { eps }) : null;
  }

  get torchLayout(): TorchLayout {
    return { "rotaryEmb.invFreq": { ignored: true } }; // in files from before 2023
  }

  /** The base of the rotary positions. */
  get ropeTheta(): number {
    return this.#about.rope.ropeTheta ?? 10_000;
  }

  /** @param x `[batch, time, feature]` */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#attend(x, null).output);
  }

  initialState(batch: number): KeyValues {
    return emptyKeyValues(batch, this.groups, this.headDim);
  }

  step(x: Tensor3D, state: KeyValues): Step<Tensor3D, KeyValues> {
    return tidy(() => this.#attend(x, state));
  }

  #attend(x: Tensor3D, cache: KeyValues | null): Step<Tensor3D, KeyValues> {
    checkShape("GroupedQueryAttention", "x", x, ["batch", "time", this.qProj.inFeatures]);
    const { heads, groups, qNorm, kNorm } = this;
    const q = splitHeads(this.qProj.forward(x), heads); // [batch, head, time, feature]
    const k = splitHeads(this.kProj.forward(x), groups); // [batch, group, time, feature]
    const tensors = {
      query: qNorm?.forward(q) ?? q,
      key: kNorm?.forward(k) ?? k,
      value: splitHeads(this.vProj.forward(x), groups),
    };
    const { output, state } = attendRotated(this.attention, tensors, this.#about, cache);
    return { output: this.oProj.forward(output), state };
  }
}
