import {
  checkChoice,
  checkNotNegative,
  checkPositive,
  checkRng,
  checkSizes,
  headSize,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import { rotatedFeatures } from "./rotary-heads.ts";
import { checkRopeScaling, type RopeScaling } from "./rope-scaling.ts";

/** Options for {@link Llama}, with the names of Hugging Face's `LlamaConfig`. */
export interface LlamaOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  readonly vocabSize: number;
  /** Features of a token. */
  readonly hiddenSize: number;
  /** Features within the feed-forward network of a block. */
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  /** Default: the number of attention heads. */
  readonly numKeyValueHeads?: number;
  /** The context length, in tokens. Default: 2048. */
  readonly maxPositionEmbeddings?: number;
  /** The base of the rotary positions. Default: 10000. */
  readonly ropeTheta?: number;
  /** Added to the mean square, or the variance, by the norms. Default: 1e-6. */
  readonly rmsNormEps?: number;
  /** Features of a head. Default: those of a token, divided among the heads. */
  readonly headDim?: number;
  /** How positions are stretched for texts longer than those of the first training. Default: not. */
  readonly ropeScaling?: RopeScaling | null;
  /** Whether the head uses the weight of the embedding. Default: false. */
  readonly tieWordEmbeddings?: boolean;
  /** Whether queries, keys, values and what follows attention have a bias; `"qkv"`: all but the last, as in Qwen 2. Default: false. */
  readonly attentionBias?: boolean | "qkv";
  /** Whether the feed-forward network has biases. Default: false. */
  readonly mlpBias?: boolean;
  /** Whether queries and keys are normalized within each head, as in Qwen 3. Default: false. */
  readonly qkNorm?: boolean;
  /** The part of each head's features that is rotated, as in StableLM. Default: 1. */
  readonly partialRotaryFactor?: number;
  /** Whether norms divide by the root mean square, or are those of `LayerNorm`, with a bias, as in StableLM. Default: `"rms"`. */
  readonly norm?: "rms" | "layer";
  /** How many tokens each attends to, as in Mistral, in all layers or in each; `null`: to all. Default: null. */
  readonly slidingWindow?: number | null | readonly (number | null)[];
}

/** Options for {@link LlamaBlock}: those of {@link Llama} that a block needs, with one window. */
export interface LlamaBlockOptions extends Omit<
  LlamaOptions,
  "vocabSize" | "numHiddenLayers" | "slidingWindow" | "tieWordEmbeddings"
> {
  readonly slidingWindow?: number | null;
}

/** Whether a window is given for each layer. */
export function isList(window: LlamaOptions["slidingWindow"]): window is readonly (number | null)[] {
  return Array.isArray(window);
}

/** @throws {OptionError} If options are invalid. */
export function checkLlamaOptions(caller: string, options: LlamaOptions): void {
  checkRng(caller, options);
  const { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads } = options;
  const { numKeyValueHeads = numAttentionHeads, maxPositionEmbeddings = 2048 } = options;
  const { ropeTheta = 10_000, rmsNormEps = 1e-6, attentionBias = false, slidingWindow = null } = options;
  checkSizes(caller, { vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads });
  checkSizes(caller, { numKeyValueHeads, maxPositionEmbeddings });
  const headDim = options.headDim ?? headSize(caller, hiddenSize, numAttentionHeads);
  checkSizes(caller, { headDim });
  if (numAttentionHeads % numKeyValueHeads !== 0)
    throw new OptionError(
      caller,
      "numKeyValueHeads",
      numKeyValueHeads,
      `a divisor of the ${numAttentionHeads} heads`,
    );
  checkPositive(caller, { ropeTheta });
  checkNotNegative(caller, { rmsNormEps });
  checkRopeScaling(
    caller,
    options.ropeScaling,
    rotatedFeatures(caller, headDim, options.partialRotaryFactor ?? 1),
  );
  checkChoice(caller, "norm", options.norm ?? "rms", ["rms", "layer"]);
  checkChoice(caller, "attentionBias", String(attentionBias), ["true", "false", "qkv"]);
  const windows = isList(slidingWindow) ? slidingWindow : [slidingWindow];
  for (const window of windows) if (window !== null) checkSizes(caller, { slidingWindow: window });
  if (isList(slidingWindow) && slidingWindow.length !== numHiddenLayers)
    throw new OptionError(
      caller,
      "slidingWindow.length",
      slidingWindow.length,
      `${numHiddenLayers}, one for each layer`,
    );
}
