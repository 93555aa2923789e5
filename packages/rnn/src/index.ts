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
