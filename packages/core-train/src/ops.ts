// The contracts of the ops that `@pellucid/kernels` has kernels for, as types: `typeof convolve`. Nothing here runs.

// how a contract reads
export type { Op, OpInputs, OpOutput } from "./op/define-op.ts";
export type { DtypeOf, OpInput, TensorOf } from "./op/op-input.ts";

// linear maps, convolution, pooling
export type { affine } from "./op/linear.ts";
export type { Convolution } from "./op/convolution-kernels.ts";
export type { convolve, convolveFilter, convolveInput, convolveWithBias } from "./op/convolve.ts";
export type { averageGradient } from "./op/avg-pool-images.ts";
export type { densePooling, dilatedPooling } from "./op/max-pool-images.ts";

// normalization
export type { normalizeColumns, normalizeColumnsGradient } from "./op/batch-norm.ts";
export type { normalizeRows, normalizeRowsGradient } from "./op/layer-norm.ts";
export type { scaleRows } from "./op/rms-norm.ts";

// activations
export type { eluOp } from "./nn/elu.ts";
export type { tanhGelu } from "./nn/gelu.ts";
export type { reluOp } from "./nn/relu.ts";
export type { siluOp } from "./nn/silu.ts";
export type { softplusOp } from "./nn/softplus.ts";

// attention and recurrence
export type { attend, attendGradient } from "./nn/attention/attend.ts";
export type { gruScan } from "./nn/recurrent/gru-scan.ts";
export type { gruScanGradient } from "./nn/recurrent/gru-scan-gradient.ts";
export type { lstmScan } from "./nn/recurrent/lstm-scan.ts";
export type { lstmScanGradient } from "./nn/recurrent/lstm-scan-gradient.ts";
export type { rnnScan } from "./nn/recurrent/rnn-scan.ts";
export type { rnnScanGradient } from "./nn/recurrent/rnn-scan-gradient.ts";

// losses
export type { labelCrossEntropy, labelCrossEntropyGradient } from "./loss/label-cross-entropy.ts";

// optimizers
export type { adamStep } from "./optim/adam-step.ts";
export type { momentumStep } from "./optim/momentum-step.ts";

// of other packages, which have the ops
export type { SelectiveScanGradientOp, SelectiveScanOp } from "./op/selective-scan-op.ts";
export type { EdgeDotOp, GatherSumOp, SegmentSoftmaxOp } from "./op/gather-sum-op.ts";
export type { WeightedGatherOp, WeightedScatterOp } from "./op/weighted-gather-op.ts";
export type { RepulsionFieldOp, RepulsionOp, SmallestOp, TsneGradientOp, TsneMoveOp } from "./op/map-ops.ts";

// drawing
export type { FastDraws } from "./rng/fast-draws.ts";

// compiled steps
export type { Recorded, Recorder, Recording } from "./compile/recorder.ts";
