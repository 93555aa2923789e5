// neurons
export { Leaky, type LeakyOptions, type LeakyState } from "./leaky.ts";
export { Synaptic, type SynapticOptions, type SynapticState } from "./synaptic.ts";
export { Alpha, type AlphaOptions, type AlphaState } from "./alpha.ts";
export { Lapicque, type LapicqueOptions } from "./lapicque.ts";
export { RLeaky, type RLeakyOptions, type RLeakyState } from "./r-leaky.ts";
export { RSynaptic, type RSynapticOptions, type RSynapticState } from "./r-synaptic.ts";
export { LeakyParallel, type LeakyParallelOptions } from "./leaky-parallel.ts";
export { SConv2dLSTM, type SConv2dLSTMOptions, type SConv2dLSTMState } from "./sconv2d-lstm.ts";
export { SLSTM, type SLSTMOptions, type SLSTMState } from "./slstm.ts";
export {
  type NeuronOptions,
  type ResetDelayOptions,
  type ResetMechanism,
  SpikingNeuron,
  type SpikeRecord,
} from "./spiking-neuron.ts";
export { type RecurrentSpikesOptions } from "./recurrent-spikes.ts";
export { type PerNeuron } from "./per-neuron.ts";
export { decayScan } from "./decay-scan.ts";

// networks
export { type LayerRecord, SpikingSequential, type SpikingState } from "./spiking-sequential.ts";
export { OverTime } from "./over-time.ts";
export { type EnergyCount, energyCount, type EnergyCountOptions } from "./energy-count.ts";

// surrogate gradients
export {
  atanSurrogate,
  fastSigmoid,
  heaviside,
  leakySpikeOperator,
  sigmoidSurrogate,
  sparseFastSigmoid,
  spikeRateEscape,
  stochasticSpikeOperator,
  type StochasticSpikeOperatorOptions,
  straightThrough,
  type Surrogate,
  triangular,
} from "./surrogate.ts";

// from numbers to spikes
export { rate, type RateOptions, rateOverTime } from "./rate.ts";
export { latency, type LatencyOptions } from "./latency.ts";
export { delta, type DeltaOptions } from "./delta.ts";

// losses and accuracies
export { ceRateLoss } from "./ce-rate-loss.ts";
export { ceCountLoss } from "./ce-count-loss.ts";
export { ceMaxMembraneLoss } from "./ce-max-membrane-loss.ts";
export { mseCountLoss, type MseCountLossOptions } from "./mse-count-loss.ts";
export { mseMembraneLoss, type MseMembraneLossOptions } from "./mse-membrane-loss.ts";
export { ceTemporalLoss, type CeTemporalLossOptions } from "./ce-temporal-loss.ts";
export { mseTemporalLoss, type MseTemporalLossOptions } from "./mse-temporal-loss.ts";
export { firstSpikeTimes } from "./first-spike-times.ts";
export { accuracyRate } from "./accuracy-rate.ts";
export { accuracyTemporal } from "./accuracy-temporal.ts";
export { type PopulationOptions } from "./spike-counts.ts";
