// layers
export { RNN, type RNNOptions } from "./rnn.ts";
export { GRU, type HiddenState } from "./gru.ts";
export { LSTM, type LSTMOptions, type LSTMState } from "./lstm.ts";
export { type Read, type ReadOptions, Recurrent, type RecurrentOptions, type Scanned } from "./recurrent.ts";
export { RecurrentWeights } from "./recurrent-weights.ts";
export { LengthsError } from "./lengths-error.ts";

// cells
export { RNNCell, type RNNCellOptions } from "./rnn-cell.ts";
export { GRUCell } from "./gru-cell.ts";
export { LSTMCell, type LSTMCellState } from "./lstm-cell.ts";
export { Cell, type CellOptions } from "./cell.ts";

// the core
export { lstmScan } from "./lstm-scan.ts";
export { gruScan } from "./gru-scan.ts";
export { type Nonlinearity, rnnScan } from "./rnn-scan.ts";
export { type Recurrence } from "./recurrence.ts";

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
