// attention
export { scaledDotProductAttention, type AttentionOptions } from "./scaled-dot-product-attention.ts";
export { type Attended, AttentionWeights, DotProductAttention } from "./dot-product-attention.ts";
export {
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type MultiheadFound,
  type MultiheadOptions,
} from "./multihead-attention.ts";
export { type MultiheadMasks } from "./multihead-mask.ts";
export { attentionMaps } from "./attention-maps.ts";
export { causalMask, localMask } from "./causal-mask.ts";
export { type Advanced, type KeyValues } from "./key-values.ts";

// attention without a softmax
export { linearAttention, type LinearAttentionOptions } from "./linear-attention.ts";
export {
  type Retained,
  retention,
  retentionDecays,
  type RetentionInputs,
  type RetentionOptions,
} from "./retention.ts";

// positions
export { SinusoidalPositions, type SinusoidalPositionsOptions, sinusoids } from "./sinusoidal-positions.ts";
export { LearnedPositions, type LearnedPositionsOptions } from "./learned-positions.ts";
export { rotary, type RotaryOptions } from "./rotary.ts";
export { alibi, alibiSlopes } from "./alibi.ts";
export { fourierEncoding, type FourierEncodingOptions } from "./fourier-encoding.ts";

// layers and stacks, as torch.nn has them
export {
  type EncoderMasks,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer-encoder-layer.ts";
export { TransformerEncoder, type TransformerStackOptions } from "./transformer-encoder.ts";
export { type DecoderMasks, TransformerDecoderLayer } from "./transformer-decoder-layer.ts";
export { TransformerDecoder } from "./transformer-decoder.ts";
export { Transformer, type TransformerMasks, type TransformerOptions } from "./transformer.ts";

// language models
export { CausalSelfAttention, GptBlock, type GptBlockOptions } from "./gpt-block.ts";
export { Gpt, GptBody, type GptOptions } from "./gpt.ts";
export { Llama, LlamaBlock, LlamaBody, type LlamaOptions } from "./llama.ts";
export { GroupedQueryAttention, type GroupedQueryAttentionOptions } from "./grouped-query-attention.ts";
export { BertForMaskedLm } from "./bert-for-masked-lm.ts";
export { Bert, type BertReading } from "./bert.ts";
export { BertLayer } from "./bert-layer.ts";
export { type BertOptions } from "./bert-options.ts";
export { BertSelfAttention } from "./bert-self-attention.ts";
export { Conv1dLinear, type Conv1dLinearOptions } from "./conv1d-linear.ts";
export { beamSearch, type BeamSearchOptions, type FoundText } from "./beam-search.ts";

// text as tokens
export { BytePairTokenizer } from "./byte-pair-tokenizer.ts";

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

// errors
export { ContextLengthError } from "./context-length-error.ts";
