import {
  checkShape,
  DotProductAttention,
  emptyKeyValues,
  headSize,
  type KeyValues,
  type Layer,
  Linear,
  localMask,
  mergeHeads,
  Module,
  OptionError,
  RMSNorm,
  type Rng,
  rotary,
  type SequenceLayer,
  splitHeads,
  type HasTorchLayout,
  type Step,
  type TorchLayout,
  init,
  checkSizes,
  checkPositive,
  checkRng,
} from "@pellucid/core-train";
import { type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkRopeScaling, type RopeOptions, ropeRates, type RopeScaling } from "./rope-scaling.ts";

/** Options for {@link GroupedQueryAttention}. */
export interface GroupedQueryAttentionOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The number of heads of keys and values; 1 is multi-query attention. Default: that of the queries. */
  readonly numKeyValueHeads?: number;
  /** Features of a head. Default: those of the input, divided among the heads. */
  readonly headDim?: number;
  /** The base of {@link rotary}. Default: 10000. */
  readonly ropeTheta?: number;
  /** How positions are stretched for longer texts. Default: not. */
  readonly ropeScaling?: RopeScaling | null;
  /** The context length, which some scalings depend on. Default: 2048. */
  readonly maxPositionEmbeddings?: number;
  /** Whether the projections have a bias. Default: false. */
  readonly bias?: boolean;
  /** Whether the last projection has one. Default: as the others; Qwen 2 has none. */
  readonly outBias?: boolean;
  /** Whether queries and keys are normalized within each head before they are rotated, as in Qwen 3. Default: false. */
  readonly qkNorm?: boolean;
  /** Added to the mean square by these norms. Default: 1e-6. */
  readonly rmsNormEps?: number;
  /** How many tokens each attends to, itself and those before it; `null`: all. Default: null. */
  readonly slidingWindow?: number | null;
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
  readonly #rope: RopeOptions;
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
    checkRng("GroupedQueryAttention", options);
    checkSizes("GroupedQueryAttention", { width, heads });
    const { rng, numKeyValueHeads = heads, bias = false, outBias = bias, qkNorm = false } = options;
    const { ropeTheta = 10_000, ropeScaling = null, maxPositionEmbeddings = 2048 } = options;
    const { slidingWindow = null, rmsNormEps: eps = 1e-6 } = options;
    const headDim = options.headDim ?? headSize("GroupedQueryAttention", width, heads);
    checkSizes("GroupedQueryAttention", { headDim, maxPositionEmbeddings });
    checkPositive("GroupedQueryAttention", { ropeTheta });
    checkRopeScaling("GroupedQueryAttention", ropeScaling);
    if (slidingWindow !== null) checkSizes("GroupedQueryAttention", { slidingWindow });
    if (!Number.isInteger(numKeyValueHeads) || numKeyValueHeads < 1 || heads % numKeyValueHeads !== 0) {
      const expected = `a divisor of the ${heads} heads`;
      throw new OptionError("GroupedQueryAttention", "numKeyValueHeads", numKeyValueHeads, expected);
    }
    const made = { rng, bias, init: init.normal(0, 0.02) };
    this.heads = heads;
    this.groups = numKeyValueHeads;
    this.headDim = headDim;
    this.slidingWindow = slidingWindow;
    this.#rope = { ropeTheta, ropeScaling, maxPositionEmbeddings };
    this.qProj = new Linear(width, heads * headDim, made);
    this.kProj = new Linear(width, numKeyValueHeads * headDim, made);
    this.vProj = new Linear(width, numKeyValueHeads * headDim, made);
    this.oProj = new Linear(heads * headDim, width, { ...made, bias: outBias });
    this.qNorm = qkNorm ? new RMSNorm(headDim, { eps }) : null;
    this.kNorm = qkNorm ? new RMSNorm(headDim, { eps }) : null;
  }

  get torchLayout(): TorchLayout {
    return { "rotaryEmb.invFreq": { ignored: true } }; // in files from before 2023
  }

  /** The base of the rotary positions. */
  get ropeTheta(): number {
    return this.#rope.ropeTheta ?? 10_000;
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
    const { heads, groups, headDim, qNorm, kNorm, slidingWindow } = this;
    const time = x.shape[1];
    const offset = cache?.key.shape[2] ?? 0;
    const keys = offset + time;
    const positions = { offset, ...ropeRates(headDim, keys, this.#rope) };
    const q = splitHeads(this.qProj.forward(x), heads); // [batch, head, time, feature]
    const k = splitHeads(this.kProj.forward(x), groups); // [batch, group, time, feature]
    const query = rotary(qNorm?.forward(q) ?? q, positions);
    const key = rotary(kNorm?.forward(k) ?? k, positions);
    const value = splitHeads(this.vProj.forward(x), groups);
    const mask =
      slidingWindow === null || keys <= slidingWindow
        ? null
        : localMask(time, slidingWindow, { keys, offset }); // [time, key]
    const { output, state } = this.attention.step({ query, key, value, options: { mask } }, cache);
    return { output: this.oProj.forward(mergeHeads(output)), state };
  }
}
