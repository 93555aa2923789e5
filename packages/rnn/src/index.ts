// layers and cells, which the core has
export {
  type CellState,
  GRU,
  GRUCell,
  type HiddenState,
  LengthsError,
  LSTM,
  LSTMCell,
  type LSTMCellState,
  type LSTMOptions,
  type LSTMState,
  RNN,
  RNNCell,
  type RNNCellOptions,
  type RNNOptions,
  type SequenceOptions,
} from "@pellucid/core-train";

// language models
export {
  RecurrentLm,
  type RecurrentLmLayer,
  type RecurrentLmOptions,
  type RecurrentLmState,
} from "./recurrent-lm.ts";

// sequence to sequence
export { Seq2Seq, type Seq2SeqInput, type Seq2SeqOptions, type TeacherForcingOptions } from "./seq2seq.ts";
export { EncoderRNN, type CoderOptions } from "./encoder-rnn.ts";
export {
  AttentionDecoder,
  type Decoded,
  type DecoderOutput,
  type DecoderState,
} from "./attention-decoder.ts";
export { BahdanauDecoder } from "./bahdanau-decoder.ts";
export { LuongDecoder, type LuongDecoderOptions } from "./luong-decoder.ts";
export { BahdanauAttention } from "./bahdanau-attention.ts";
export { type LuongAttention } from "./luong-attention.ts";
export { LuongDotAttention } from "./luong-dot-attention.ts";
export { LuongGeneralAttention } from "./luong-general-attention.ts";
export { LuongConcatAttention } from "./luong-concat-attention.ts";
export { attend, type Attended, type Memory, type SourceAttention } from "./attend.ts";

// text, which the core makes of any language model
export {
  beamSearch,
  type BeamSearchOptions,
  generate,
  type GenerateOptions,
  type Hypothesis,
  streamText,
} from "@pellucid/core-train";
