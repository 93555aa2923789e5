// attention, positions and layers, as torch.nn has them
export {
  alibi,
  alibiSlopes,
  type AlibiOptions,
  type AttentionInput,
  type AttentionOptions,
  type AttentionOutput,
  AttentionWeights,
  causalMask,
  ContextLengthError,
  type DecoderInput,
  type DecoderMasks,
  DotProductAttention,
  type EncoderMasks,
  type KeyValues,
  LearnedPositions,
  type LearnedPositionsOptions,
  localMask,
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type MultiheadMasks,
  type MultiheadOptions,
  rotary,
  type RotaryOptions,
  scaledDotProductAttention,
  SinusoidalPositions,
  type SinusoidalPositionsOptions,
  sinusoids,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
  type TransformerMasks,
  type TransformerOptions,
  type TransformerStackOptions,
} from "@pellucid/core-train";

// observing
export { attentionMaps } from "./attention-maps.ts";

// attention without a softmax
export {
  causalLinearAttention,
  type CausalLinearAttentionOptions,
  linearAttention,
  type LinearAttentionOptions,
} from "./linear-attention.ts";
export { retention, retentionDecays, type RetentionInputs, type RetentionOptions } from "./retention.ts";

// positions of other kinds
export { fourierEncoding, type FourierEncodingOptions } from "./fourier-encoding.ts";

// language models
export { CausalSelfAttention, GptBlock, type GptBlockOptions } from "./gpt-block.ts";
export { Gpt, GptBody, type GptOptions } from "./gpt.ts";
export {
  GptForSequenceClassification,
  type GptForSequenceClassificationOptions,
} from "./gpt-for-sequence-classification.ts";
export { Llama, LlamaBlock, LlamaBody } from "./llama.ts";
export {
  LlamaForSequenceClassification,
  type LlamaForSequenceClassificationOptions,
} from "./llama-for-sequence-classification.ts";
export { type LlamaBlockOptions, type LlamaOptions } from "./llama-options.ts";
export { type RopeScaling } from "./rope-scaling.ts";
export { GroupedQueryAttention, type GroupedQueryAttentionOptions } from "./grouped-query-attention.ts";
export { type RotaryHeadsOptions } from "./rotary-heads.ts";
export { Phi3 } from "./phi3.ts";
export { Phi3Attention, Phi3Block, type Phi3BlockOptions, type Phi3Options } from "./phi3-block.ts";
export { GptNeoX } from "./gpt-neox.ts";
export { GptNeoXAttention, GptNeoXBlock, type GptNeoXBlockOptions } from "./gpt-neox-block.ts";
export { type GptNeoXOptions } from "./gpt-neox-options.ts";
export {
  BertForSequenceClassification,
  type BertForSequenceClassificationOptions,
} from "./bert-for-sequence-classification.ts";
export { PooledBert } from "./pooled-bert.ts";
export { BertForMaskedLm } from "./bert-for-masked-lm.ts";
export { Bert, type BertReading } from "./bert.ts";
export { BertLayer } from "./bert-layer.ts";
export { type BertOptions } from "./bert-options.ts";
export { BertSelfAttention } from "./bert-self-attention.ts";
export {
  DistilBertForSequenceClassification,
  type DistilBertForSequenceClassificationOptions,
} from "./distil-bert-for-sequence-classification.ts";
export { type DistilBertBody } from "./distil-bert-body.ts";
export { DistilBertForMaskedLm, type DistilBertOptions } from "./distil-bert-for-masked-lm.ts";
export { T5, type T5Input, type T5State } from "./t5.ts";
export { T5Attention, type T5AttentionOptions } from "./t5-attention.ts";
export { T5Block, type T5BlockOptions } from "./t5-block.ts";
export { type T5Options } from "./t5-options.ts";
export { Conv1dLinear, type Conv1dLinearOptions } from "./conv1d-linear.ts";

// pretrained models
export { transformerArchitectures } from "./architectures.ts";

// text, which the core makes of any language model
export {
  beamSearch,
  type BeamSearchOptions,
  generate,
  type GenerateOptions,
  type Hypothesis,
  streamText,
} from "@pellucid/core-train";

// text as tokens
export { BytePairTokenizer } from "./byte-pair-tokenizer.ts";
export { type DecodeOptions, type EncodeOptions, PretrainedTokenizer } from "./pretrained-tokenizer.ts";

// images
export {
  VisionTransformer,
  type VisionTransformerOptions,
  VitBlock,
  vitB16,
  vitB32,
  vitL16,
  vitL32,
} from "./vision-transformer.ts";
export { Vit } from "./vit.ts";
export { VitForImageClassification } from "./vit-for-image-classification.ts";
export { VitLayer } from "./vit-layer.ts";
export { type VitOptions } from "./vit-options.ts";
