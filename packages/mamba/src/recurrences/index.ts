// linear recurrences whose state is a matrix
export { type MatrixStateInputs } from "./matrix-state.ts";
export { type GatedDeltaInputs, gatedDeltaRule } from "./gated-delta-rule.ts";
export { GatedDeltaNet, type GatedDeltaNetOptions } from "./gated-delta-net.ts";
export { DeltaNet, type DeltaNetOptions, type DeltaNetState } from "./delta-net.ts";
export { gatedLinearAttention, type GatedLinearInputs } from "./gated-linear-attention.ts";
export { Gla, type GlaOptions, type GlaState } from "./gla.ts";
export { type MlstmInputs, mlstmScan, type MlstmState } from "./mlstm-scan.ts";
export { MLstm, type MLstmOptions } from "./mlstm.ts";

// not linear: gates that read the last output
export { type SlstmMemory, slstmStep } from "./slstm-step.ts";
export { SLstm, type SLstmOptions, type SLstmState } from "./slstm.ts";

// linear recurrences of single features
export { MinGru, type MinimalRecurrentOptions } from "./min-gru.ts";
export { MinLstm, type MinimalState } from "./min-lstm.ts";
export { wkv, type WkvInputs, type WkvState } from "./wkv.ts";
export { RwkvTimeMix, type RwkvMixOptions, type RwkvTimeState } from "./rwkv-time-mix.ts";
export { RwkvChannelMix, type RwkvChannelMixOptions, type RwkvChannelState } from "./rwkv-channel-mix.ts";

// layers that learn while they read
export { Ttt, type TttOptions, type TttState } from "./ttt.ts";
export { TttLinear } from "./ttt-linear.ts";
export { TttMlp } from "./ttt-mlp.ts";

// language models
export { Rwkv, type RwkvOptions, type RwkvState } from "./rwkv.ts";
