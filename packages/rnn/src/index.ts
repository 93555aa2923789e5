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
export { RecurrentLm, type RecurrentLmOptions, type RecurrentLmState } from "./recurrent-lm.ts";

// sequence to sequence
export { type Encoded, EncoderRNN, type CoderOptions } from "./encoder-rnn.ts";
export { AttentionDecoder, type Decoded } from "./attention-decoder.ts";
export { BahdanauDecoder } from "./bahdanau-decoder.ts";
export { LuongDecoder, type LuongDecoderOptions } from "./luong-decoder.ts";
export { BahdanauAttention } from "./bahdanau-attention.ts";
export { LuongAttention, type LuongAttentionOptions, type LuongScore } from "./luong-attention.ts";
export { attend, type Attended, type Memory } from "./attend.ts";
export {
  Seq2Seq,
  type Seq2SeqInput,
  type Seq2SeqOptions,
  type WriteOptions,
  type Written,
} from "./seq2seq.ts";
export { translate, type TranslateOptions, type Translation } from "./translate.ts";
