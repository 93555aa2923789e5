// The table of contents of the package, so it is as long as the package is wide.

import * as init from "./init/index.ts";

// modules

export { type Layer } from "./module/layer.ts";
export { type SequenceLayer, type Step } from "./module/sequence-layer.ts";
export { stepThrough } from "./module/step-through.ts";
export { Module, type Slot } from "./module/module.ts";
export { type Buffer, stateBuffer, isBuffer, type Parameter, parameter } from "./module/parameter.ts";
export { type AnyLayer, type InputOf, type OutputOf, Sequential } from "./module/sequential.ts";
export { type ByPath, freeze, trainable, unfreeze } from "./module/freeze.ts";
export { moduleAt, replaceModule } from "./module/replace-module.ts";
export { stateOf } from "./module/state-of.ts";
export { checkpoint } from "./module/checkpoint.ts";
export { bufferValue, discardUpdates, isTraining, training, updateBuffer } from "./module/training.ts";
export { type Summary, summary, type SummaryRow } from "./module/summary.ts";

// a model as a graph
export { trace, type TraceOptions } from "./trace/trace.ts";
export { TraceError } from "./trace/trace-error.ts";
export { traceable } from "./trace/traceable.ts";
export {
  type AxisOfValue,
  type ConstantContent,
  type FreeAxis,
  type FreeSize,
  type Trace,
  type TracedAttribute,
  type TracedCall,
  type TracedConstant,
  type TracedInput,
  type TracedNode,
  type TracedOutput,
  type TracedParameter,
  type TracedResult,
  type TracedSize,
  type TracedStructure,
  type TracedValue,
} from "./trace/traced-graph.ts";

// structures
export { type HostValue, type Struct, type Structured } from "./struct/struct.ts";
export { disposeLeaves } from "./struct/dispose-leaves.ts";
export { leaves } from "./struct/leaves.ts";
export { mapLeaves } from "./struct/map-leaves.ts";
export { tidyLeaves } from "./struct/tidy-leaves.ts";

// compiled steps
export { compile, type Compiled, type CompileOptions, type CompileReport } from "./compile/compile.ts";
export { compiledIf, type MaybeCompiled } from "./compile/compiled-if.ts";
export { CompileError } from "./compile/compile-error.ts";
export { drawn } from "./compile/drawn.ts";
export { checkOnHost } from "./compile/check-on-host.ts";

// randomness and initial values
export { Rng, type RngState } from "./rng/rng.ts";
export { NumpyRandom, type Shuffler } from "./rng/numpy-random.ts";
export { RngError } from "./rng/rng-error.ts";
export { init };
export { type FixedInitializer, type Initializer } from "./init/initializer.ts";
export { initialize } from "./init/initialize.ts";
export { initialized } from "./init/initialized.ts";
export { withoutInit } from "./init/without-init.ts";

// layers: linear, embedding, flattening
export { Linear, type LinearOptions } from "./nn/linear.ts";
export { Bilinear, type BilinearOptions } from "./nn/bilinear.ts";
export { type Pair } from "./nn/pair.ts";
export { Embedding, type EmbeddingOptions } from "./nn/embedding.ts";
export { EmbeddingBag, type EmbeddingBagOptions } from "./nn/embedding-bag.ts";
export { embedding, type EmbeddingLookupOptions, type LookedUp } from "./op/embedding.ts";
export {
  type AdaptiveLogSoftmaxInput,
  type AdaptiveLogSoftmaxOutput,
  AdaptiveLogSoftmaxWithLoss,
  type AdaptiveLogSoftmaxWithLossOptions,
} from "./nn/adaptive-log-softmax-with-loss.ts";
export { CosineSimilarity, cosineSimilarity, type CosineSimilarityOptions } from "./nn/cosine-similarity.ts";
export { PairwiseDistance, type PairwiseDistanceLayerOptions } from "./nn/pairwise-distance.ts";
export { Identity } from "./nn/identity.ts";
export { Flatten, flatten } from "./nn/flatten.ts";
export { Unflatten, type Unflattened, unflatten } from "./nn/unflatten.ts";

// layers: convolution and its transpose
export { Conv1d } from "./nn/conv1d.ts";
export { Conv2d } from "./nn/conv2d.ts";
export { Conv3d } from "./nn/conv3d.ts";
export { type ConvOptions } from "./nn/convolution.ts";
export { ConvTranspose1d } from "./nn/conv-transpose1d.ts";
export { ConvTranspose2d } from "./nn/conv-transpose2d.ts";
export { ConvTranspose3d } from "./nn/conv-transpose3d.ts";
export { type ConvTransposeOptions } from "./nn/transposed-convolution.ts";
export { CausalConv1d, type CausalConv1dOptions, type CausalConv1dState } from "./nn/causal-conv1d.ts";
export { causalConv1d } from "./op/causal-conv1d.ts";
export { Fold } from "./nn/fold.ts";
export { Unfold } from "./nn/unfold.ts";

// layers: pooling
export { AdaptiveAvgPool1d } from "./nn/adaptive-avg-pool1d.ts";
export { AdaptiveAvgPool2d } from "./nn/adaptive-avg-pool2d.ts";
export { AdaptiveAvgPool3d } from "./nn/adaptive-avg-pool3d.ts";
export { AdaptiveMaxPool1d } from "./nn/adaptive-max-pool1d.ts";
export { AdaptiveMaxPool2d } from "./nn/adaptive-max-pool2d.ts";
export { AdaptiveMaxPool3d } from "./nn/adaptive-max-pool3d.ts";
export { FractionalMaxPool2d } from "./nn/fractional-max-pool2d.ts";
export { FractionalMaxPool3d } from "./nn/fractional-max-pool3d.ts";
export { LPPool1d } from "./nn/lp-pool1d.ts";
export { LPPool2d } from "./nn/lp-pool2d.ts";
export { LPPool3d } from "./nn/lp-pool3d.ts";
export { AvgPool1d } from "./nn/avg-pool1d.ts";
export { AvgPool2d } from "./nn/avg-pool2d.ts";
export { AvgPool3d } from "./nn/avg-pool3d.ts";
export { MaxPool1d } from "./nn/max-pool1d.ts";
export { MaxPool2d } from "./nn/max-pool2d.ts";
export { MaxPool3d } from "./nn/max-pool3d.ts";
export { MaxUnpool1d } from "./nn/max-unpool1d.ts";
export { MaxUnpool2d } from "./nn/max-unpool2d.ts";
export { MaxUnpool3d } from "./nn/max-unpool3d.ts";

// layers: padding and resampling
export { ChannelShuffle } from "./nn/channel-shuffle.ts";
export { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./nn/zero-pad.ts";
export { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./nn/constant-pad.ts";
export { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./nn/reflection-pad.ts";
export { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./nn/replication-pad.ts";
export { CircularPad1d, CircularPad2d, CircularPad3d } from "./nn/circular-pad.ts";
export { type Padding1d, type Padding2d, type Padding3d } from "./nn/padding.ts";
export { PixelShuffle } from "./nn/pixel-shuffle.ts";
export { PixelUnshuffle } from "./nn/pixel-unshuffle.ts";
export { Upsample } from "./nn/upsample.ts";
export { UpsamplingBilinear2d } from "./nn/upsampling-bilinear2d.ts";
export { UpsamplingNearest2d } from "./nn/upsampling-nearest2d.ts";

// layers: normalization
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from "./nn/batch-norm.ts";
export { FrozenBatchNorm2d, type FrozenBatchNormOptions } from "./nn/frozen-batch-norm.ts";
export { LayerNorm, type LayerNormOptions } from "./nn/layer-norm.ts";
export { layerNorm } from "./op/layer-norm.ts";
export { GroupNorm, type GroupNormOptions } from "./nn/group-norm.ts";
export {
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  type InstanceNormOptions,
} from "./nn/instance-norm.ts";
export {
  LocalResponseNorm,
  localResponseNorm,
  type LocalResponseNormOptions,
} from "./nn/local-response-norm.ts";
export { CrossMapLRN2d } from "./nn/cross-map-lrn2d.ts";
export { RMSNorm, type RMSNormOptions } from "./nn/rms-norm.ts";
export { rmsNorm } from "./op/rms-norm.ts";

// layers: dropout
export { Dropout, dropout, type DropoutOptions } from "./nn/dropout.ts";
export { Dropout1d, Dropout2d, Dropout3d, featureDropout } from "./nn/feature-dropout.ts";
export { AlphaDropout, alphaDropout, FeatureAlphaDropout, featureAlphaDropout } from "./nn/alpha-dropout.ts";

// layers: attention
export {
  type AttentionInput,
  type AttentionOptions,
  AttentionWeights,
  DotProductAttention,
  scaledDotProductAttention,
} from "./nn/attention/scaled-dot-product-attention.ts";
export {
  type AttentionOutput,
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type MultiheadOptions,
} from "./nn/attention/multihead-attention.ts";
export { type MultiheadMasks } from "./nn/attention/multihead-mask.ts";
export { causalMask, localMask } from "./nn/attention/causal-mask.ts";
export { type InputProjection, type QueryKeyValue } from "./nn/attention/input-projection.ts";
export { type ExtraKeyValues } from "./nn/attention/extra-key-values.ts";
export { headSize, mergeHeads, splitHeads } from "./nn/attention/heads.ts";
export { emptyKeyValues, type KeyValues } from "./nn/attention/key-values.ts";
export { lastTimeStep } from "./nn/last-time-step.ts";
export { dropoutTimeFirst } from "./nn/attention/dropout-time-first.ts";

// layers: positions
export {
  SinusoidalPositions,
  type SinusoidalPositionsOptions,
  sinusoids,
} from "./nn/attention/sinusoidal-positions.ts";
export { LearnedPositions, type LearnedPositionsOptions } from "./nn/attention/learned-positions.ts";
export { rotateFeatures } from "./nn/attention/rotate-features.ts";
export { rotary, type RotaryOptions } from "./nn/attention/rotary.ts";
export { alibi, type AlibiOptions, alibiSlopes } from "./nn/attention/alibi.ts";
export { checkContextLength, ContextLengthError } from "./nn/attention/context-length-error.ts";

// layers: transformers
export {
  type EncoderMasks,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./nn/transformer/transformer-encoder-layer.ts";
export { TransformerEncoder, type TransformerStackOptions } from "./nn/transformer/transformer-encoder.ts";
export {
  type DecoderInput,
  type DecoderMasks,
  TransformerDecoderLayer,
} from "./nn/transformer/transformer-decoder-layer.ts";
export { TransformerDecoder } from "./nn/transformer/transformer-decoder.ts";
export { Transformer, type TransformerMasks, type TransformerOptions } from "./nn/transformer/transformer.ts";

// layers: blocks of convolutional networks
export { type Backbone, type FeatureMapInfo, type FeatureMaps } from "./nn/backbone.ts";
export {
  type FeatureModel,
  IntermediateLayers,
  type IntermediateLayersOptions,
} from "./nn/intermediate-layers.ts";
export { FeaturePyramidNetwork, type FeaturePyramidNetworkOptions } from "./nn/feature-pyramid-network.ts";
export { BackboneWithFPN, type BackboneWithFPNOptions } from "./nn/backbone-with-fpn.ts";
export { type ExtraLevels, type PyramidLevels } from "./nn/extra-levels.ts";
export { LastLevelMaxPool } from "./nn/last-level-max-pool.ts";
export { LastLevelP6P7, type LastLevelP6P7Options } from "./nn/last-level-p6p7.ts";
export { convNormActivation, type ConvNormActivationOptions } from "./nn/conv-norm-activation.ts";
export { SqueezeExcitation, type SqueezeExcitationOptions } from "./nn/squeeze-excitation.ts";
export { StochasticDepth } from "./nn/stochastic-depth.ts";

// layers: recurrent
export { RNN, type RNNOptions } from "./nn/recurrent/rnn.ts";
export { GRU, type HiddenState } from "./nn/recurrent/gru.ts";
export { LSTM, type LSTMOptions, type LSTMState } from "./nn/recurrent/lstm.ts";
export {
  type Recurrent,
  type RecurrentOptions,
  type RecurrentState,
  type SequenceOptions,
} from "./nn/recurrent/recurrent.ts";
export { type CellState, RNNCell, type RNNCellOptions } from "./nn/recurrent/rnn-cell.ts";
export { GRUCell } from "./nn/recurrent/gru-cell.ts";
export { LSTMCell, type LSTMCellState } from "./nn/recurrent/lstm-cell.ts";
export { type CellOptions } from "./nn/recurrent/cell.ts";
export { rnnScan } from "./nn/recurrent/rnn-scan.ts";
export { gruScan } from "./nn/recurrent/gru-scan.ts";
export { lstmScan } from "./nn/recurrent/lstm-scan.ts";
export { type Recurrence } from "./nn/recurrent/recurrence.ts";
export { checkLengths } from "./nn/recurrent/check-lengths.ts";
export { LengthsError } from "./nn/recurrent/lengths-error.ts";

// layers: activations
export { ReLU, relu } from "./nn/relu.ts";
export { ReLU6, relu6 } from "./nn/relu6.ts";
export { LeakyReLU, leakyRelu, type LeakyReLUOptions } from "./nn/leaky-relu.ts";
export { PReLU, prelu, type PReLUOptions } from "./nn/prelu.ts";
export { RReLU, rrelu, type RReLUOptions } from "./nn/rrelu.ts";
export { ELU, elu, type ELUOptions } from "./nn/elu.ts";
export { CELU, celu, type CELUOptions } from "./nn/celu.ts";
export { SELU, selu } from "./nn/selu.ts";
export { GELU, gelu, type GELUOptions } from "./nn/gelu.ts";
export { SiLU, silu } from "./nn/silu.ts";
export { Mish, mish } from "./nn/mish.ts";
export { Softplus, softplus, type SoftplusOptions } from "./nn/softplus.ts";
export { Softsign, softsign } from "./nn/softsign.ts";
export { Softshrink, softshrink, type SoftshrinkOptions } from "./nn/softshrink.ts";
export { Hardshrink, hardshrink, type HardshrinkOptions } from "./nn/hardshrink.ts";
export { Tanhshrink, tanhshrink } from "./nn/tanhshrink.ts";
export { Hardtanh, hardtanh, type HardtanhOptions } from "./nn/hardtanh.ts";
export { Hardsigmoid, hardsigmoid } from "./nn/hardsigmoid.ts";
export { Hardswish, hardswish } from "./nn/hardswish.ts";
export { Threshold, threshold } from "./nn/threshold.ts";
export { Sigmoid, sigmoid } from "./nn/sigmoid.ts";
export { LogSigmoid, logSigmoid } from "./nn/log-sigmoid.ts";
export { Tanh, tanh } from "./nn/tanh.ts";
export { GLU, glu } from "./nn/glu.ts";
export { Softmax } from "./nn/softmax.ts";
export { LogSoftmax } from "./nn/log-softmax.ts";
export { Softmin, softmin } from "./nn/softmin.ts";
export { Softmax2d } from "./nn/softmax2d.ts";

// ops with PyTorch's numbers
export { affineGrid, type AffineGridOptions } from "./op/affine-grid.ts";
export { gridSample, type GridSampleOptions } from "./op/grid-sample.ts";
export { adaptiveAvgPool1d } from "./op/adaptive-avg-pool1d.ts";
export { adaptiveAvgPool2d } from "./op/adaptive-avg-pool2d.ts";
export { adaptiveAvgPool3d } from "./op/adaptive-avg-pool3d.ts";
export { adaptiveMaxPool1d } from "./op/adaptive-max-pool1d.ts";
export { adaptiveMaxPool1dWithIndices } from "./op/adaptive-max-pool1d-with-indices.ts";
export { adaptiveMaxPool2d } from "./op/adaptive-max-pool2d.ts";
export { adaptiveMaxPool2dWithIndices } from "./op/adaptive-max-pool2d-with-indices.ts";
export { adaptiveMaxPool3d } from "./op/adaptive-max-pool3d.ts";
export { adaptiveMaxPool3dWithIndices } from "./op/adaptive-max-pool3d-with-indices.ts";
export { type AdaptiveSize } from "./op/adaptive-size.ts";
export { channelShuffle } from "./op/channel-shuffle.ts";
export { convTranspose1d, type ConvTranspose1dOptions } from "./op/conv-transpose1d.ts";
export { convTranspose2d, type ConvTranspose2dOptions } from "./op/conv-transpose2d.ts";
export { convTranspose3d, type ConvTranspose3dOptions } from "./op/conv-transpose3d.ts";
export { fold } from "./op/fold.ts";
export { fractionalMaxPool2d } from "./op/fractional-max-pool2d.ts";
export {
  type FractionalMaxPool2dOptions,
  fractionalMaxPool2dWithIndices,
} from "./op/fractional-max-pool2d-with-indices.ts";
export { fractionalMaxPool3d } from "./op/fractional-max-pool3d.ts";
export {
  type FractionalMaxPool3dOptions,
  fractionalMaxPool3dWithIndices,
} from "./op/fractional-max-pool3d-with-indices.ts";
export { interpolate, type InterpolateOptions, type InterpolationMode } from "./op/interpolate.ts";
export { lpPool1d, type LPPool1dOptions } from "./op/lp-pool1d.ts";
export { lpPool2d, type LPPool2dOptions } from "./op/lp-pool2d.ts";
export { lpPool3d, type LPPool3dOptions } from "./op/lp-pool3d.ts";
export { pixelShuffle } from "./op/pixel-shuffle.ts";
export { pixelUnshuffle } from "./op/pixel-unshuffle.ts";
export { unfold, type UnfoldOptions } from "./op/unfold.ts";
export { abs } from "./op/abs.ts";
export { amax } from "./op/amax.ts";
export { amin } from "./op/amin.ts";
export { avgPool1d, type AvgPool1dOptions } from "./op/avg-pool1d.ts";
export { avgPool2d, type AvgPool2dOptions } from "./op/avg-pool2d.ts";
export { avgPool3d, type AvgPool3dOptions } from "./op/avg-pool3d.ts";
export { clamp } from "./op/clamp.ts";
export { conv1d, type Conv1dOptions } from "./op/conv1d.ts";
export { conv2d, type Conv2dOptions } from "./op/conv2d.ts";
export { conv3d, type Conv3dOptions } from "./op/conv3d.ts";
export { linear } from "./op/linear.ts";
export { logSoftmax } from "./op/log-softmax.ts";
export { matMul } from "./op/mat-mul.ts";
export { maxPool1d, type MaxPool1dOptions } from "./op/max-pool1d.ts";
export { maxPool1dWithIndices } from "./op/max-pool1d-with-indices.ts";
export { maxPool2d, type MaxPool2dOptions } from "./op/max-pool2d.ts";
export { maxPool2dWithIndices } from "./op/max-pool2d-with-indices.ts";
export { maxPool3d, type MaxPool3dOptions } from "./op/max-pool3d.ts";
export { maxPool3dWithIndices } from "./op/max-pool3d-with-indices.ts";
export { maxUnpool1d, type MaxUnpool1dOptions } from "./op/max-unpool1d.ts";
export { maxUnpool2d, type MaxUnpool2dOptions } from "./op/max-unpool2d.ts";
export { maxUnpool3d, type MaxUnpool3dOptions } from "./op/max-unpool3d.ts";
export { type Extremes, max } from "./op/max.ts";
export { maximum } from "./op/maximum.ts";
export { min } from "./op/min.ts";
export { minimum } from "./op/minimum.ts";
export { pairwiseDistance, type PairwiseDistanceOptions } from "./op/pairwise-distance.ts";
export { pdist, type PdistOptions } from "./op/pdist.ts";
export { pad, type PadMode, type PadOptions } from "./op/pad.ts";
export { type PerAxis } from "./op/per-axis.ts";
export { argsort } from "./op/argsort.ts";
export { cumprod } from "./op/cumprod.ts";
export { cumsum } from "./op/cumsum.ts";
export { einsum } from "./op/einsum.ts";
export { expm1 } from "./op/expm1.ts";
export { log1p } from "./op/log1p.ts";
export { logSumExp } from "./op/log-sum-exp.ts";
export { norm } from "./op/norm.ts";
export { normalizeVectors, type NormalizeVectorsOptions } from "./op/normalize-vectors.ts";
export { oneHot } from "./op/one-hot.ts";
export { prod } from "./op/prod.ts";
export { roll } from "./op/roll.ts";
export { sign } from "./op/sign.ts";
export { sort } from "./op/sort.ts";
export { takeAlongAxis } from "./op/take-along-axis.ts";
export { topk } from "./op/topk.ts";
export { softmax } from "./op/softmax.ts";

// losses
export {
  binaryCrossEntropyWithLogits,
  type BinaryCrossEntropyWithLogitsOptions,
} from "./loss/binary-cross-entropy-with-logits.ts";
export { binaryCrossEntropy, type BinaryCrossEntropyOptions } from "./loss/binary-cross-entropy.ts";
export { cosineEmbeddingLoss } from "./loss/cosine-embedding-loss.ts";
export { crossEntropy, type CrossEntropyOptions } from "./loss/cross-entropy.ts";
export { ctcLoss, type CtcLossOptions } from "./loss/ctc-loss.ts";
export { diceLoss, type DiceLossOptions } from "./loss/dice-loss.ts";
export { distillationLoss, type DistillationLossOptions } from "./loss/distillation-loss.ts";
export { focalLoss, type FocalLossOptions } from "./loss/focal-loss.ts";
export { gaussianNllLoss, type GaussianNllLossOptions } from "./loss/gaussian-nll-loss.ts";
export { hingeEmbeddingLoss, type MarginLossOptions } from "./loss/hinge-embedding-loss.ts";
export { huberLoss, type HuberLossOptions } from "./loss/huber-loss.ts";
export { klDiv, type KlDivOptions } from "./loss/kl-div.ts";
export { l1Loss } from "./loss/l1-loss.ts";
export { marginRankingLoss } from "./loss/margin-ranking-loss.ts";
export { mseLoss } from "./loss/mse-loss.ts";
export { multiMarginLoss, type MultiMarginLossOptions } from "./loss/multi-margin-loss.ts";
export { multilabelMarginLoss } from "./loss/multilabel-margin-loss.ts";
export {
  multilabelSoftMarginLoss,
  type MultilabelSoftMarginLossOptions,
} from "./loss/multilabel-soft-margin-loss.ts";
export { nllLoss, type NllLossOptions } from "./loss/nll-loss.ts";
export { poissonNllLoss, type PoissonNllLossOptions } from "./loss/poisson-nll-loss.ts";
export { smoothL1Loss, type SmoothL1LossOptions } from "./loss/smooth-l1-loss.ts";
export { softMarginLoss } from "./loss/soft-margin-loss.ts";
export { tripletMarginLoss, type TripletMarginLossOptions } from "./loss/triplet-margin-loss.ts";
export {
  tripletMarginWithDistanceLoss,
  type TripletMarginWithDistanceLossOptions,
} from "./loss/triplet-margin-with-distance-loss.ts";
export { type LossOptions, reduceLosses, type Reduction } from "./reduce-losses.ts";
export { type MeanCount, meanOver } from "./mean-over.ts";
export { NoBackendError } from "./require-backend.ts";
export { type WeightedLossOptions } from "./loss/weighted-losses.ts";

// distributions to draw from within a model
export { beta } from "./rng/beta.ts";
export { type Gaussian, gaussianKl } from "./distribution/gaussian-kl.ts";
export { gumbelSoftmax, type GumbelSoftmaxOptions } from "./distribution/gumbel-softmax.ts";
export { reparameterize } from "./distribution/reparameterize.ts";

// generating text
export { beamSearch, type BeamSearchOptions, type Hypothesis } from "./generate/beam-search.ts";
export { checkTokens } from "./generate/check-tokens.ts";
export { generate, type GenerateOptions } from "./generate/generate.ts";
export { type LanguageModel, type LanguageModelStepOptions } from "./generate/language-model.ts";
export { sampleToken, type SampleTokenOptions } from "./generate/sample-token.ts";
export { type ByteTokenizer, streamText } from "./generate/stream-text.ts";

// metrics
export { Accuracy, accuracy } from "./metric/accuracy.ts";
export { AveragePrecision, averagePrecision } from "./metric/average-precision.ts";
export { ConfusionMatrix, confusionMatrix, type ConfusionMatrixOptions } from "./metric/confusion-matrix.ts";
export {
  ExpectedCalibrationError,
  expectedCalibrationError,
  type ExpectedCalibrationErrorOptions,
} from "./metric/expected-calibration-error.ts";
export { ExplainedVariance, explainedVariance } from "./metric/explained-variance.ts";
export { F1Score, f1Score } from "./metric/f1-score.ts";
export { FBetaScore, fBetaScore } from "./metric/f-beta-score.ts";
export { MeanAbsoluteError, meanAbsoluteError } from "./metric/mean-absolute-error.ts";
export { MeanSquaredError, meanSquaredError } from "./metric/mean-squared-error.ts";
export { Perplexity, perplexity, type PerplexityOptions } from "./metric/perplexity.ts";
export { Precision, precision } from "./metric/precision.ts";
export { R2Score, r2Score } from "./metric/r2-score.ts";
export { Recall, recall } from "./metric/recall.ts";
export { RocAuc, rocAuc } from "./metric/roc-auc.ts";
export { RootMeanSquaredError, rootMeanSquaredError } from "./metric/root-mean-squared-error.ts";
export { TopKAccuracy, topKAccuracy } from "./metric/top-k-accuracy.ts";
export { type ClassScoreOptions, type ClassScoresOptions } from "./metric/class-score.ts";
export { type LabelOptions } from "./metric/read-labels.ts";

// optimizers
export { Optimizer } from "./optim/optimizer.ts";
export { type StatesOf, type Stateless, type Transform } from "./optim/transform.ts";
export { sgd, type SgdOptions, type SgdSlot } from "./optim/sgd.ts";
export { adam, type AdamOptions, type AdamSlot } from "./optim/adam.ts";
export { adamw, type AdamWOptions } from "./optim/adamw.ts";
export { adamax, type AdamaxOptions, type AdamaxSlot } from "./optim/adamax.ts";
export { nadam, type NadamOptions, type NadamSlot } from "./optim/nadam.ts";
export { radam, type RadamOptions, type RadamSlot } from "./optim/radam.ts";
export { adagrad, type AdagradOptions, type AdagradSlot } from "./optim/adagrad.ts";
export { adadelta, type AdadeltaOptions, type AdadeltaSlot } from "./optim/adadelta.ts";
export { rmsprop, type RmspropOptions, type RmspropSlot } from "./optim/rmsprop.ts";
export { rprop, type RpropOptions, type RpropSlot } from "./optim/rprop.ts";
export { asgd, type AsgdOptions, type AsgdSlot } from "./optim/asgd.ts";
export { lion, type LionOptions, type LionSlot } from "./optim/lion.ts";
export { muon, type MuonOptions, type MuonSlot } from "./optim/muon.ts";
export { adafactor, type AdafactorOptions, type AdafactorSlot } from "./optim/adafactor.ts";
export { Lbfgs, type LbfgsOptions, type LbfgsState } from "./optim/lbfgs.ts";
export { type FlatVector } from "./optim/flat-vector.ts";

// optimizers: their parts
export {
  type LinePoint,
  type LineSearch,
  type LineSearchProblem,
  type LineSearchResult,
  strongWolfe,
} from "./optim/strong-wolfe.ts";
export { chain } from "./optim/chain.ts";
export { type GroupStates, type ParameterGroup, partition } from "./optim/partition.ts";
export { accumulate, type AccumulateOptions, type AccumulateState } from "./optim/accumulate.ts";
export { type At, type ParameterRule, type PerParameter, perParameter } from "./optim/per-parameter.ts";
export { clipGradValue } from "./optim/clip-grad-value.ts";
export { clipGradNorm, globalNorm } from "./optim/clip-grad-norm.ts";
export { addWeightDecay, type PathPredicate } from "./optim/add-weight-decay.ts";
export { scaleByMomentum, type ScaleByMomentumOptions } from "./optim/sgd.ts";
export { scaleByAdam, type ScaleByAdamOptions } from "./optim/adam.ts";
export { scaleByAdamax, type ScaleByAdamaxOptions } from "./optim/adamax.ts";
export { scaleByNadam, type ScaleByNadamOptions } from "./optim/nadam.ts";
export { scaleByRadam, type ScaleByRadamOptions } from "./optim/radam.ts";
export { scaleByAdagrad, type ScaleByAdagradOptions } from "./optim/adagrad.ts";
export { scaleByAdadelta, type ScaleByAdadeltaOptions } from "./optim/adadelta.ts";
export { scaleByRms, type ScaleByRmsOptions } from "./optim/rmsprop.ts";
export { scaleByLion, type ScaleByLionOptions } from "./optim/lion.ts";
export { type LearningRateState, scaleByLearningRate } from "./optim/scale-by-learning-rate.ts";
export { type DescentOptions } from "./optim/descent.ts";
export { l1Penalty, l2Penalty } from "./optim/penalty.ts";
export { ParameterError } from "./optim/parameter-error.ts";
export { StepInProgressError } from "./optim/step-in-progress-error.ts";

// schedules
export { type Schedule, type Scheduled } from "./schedule/schedule.ts";
export { constantLr, type ConstantLrOptions } from "./schedule/constant-lr.ts";
export { linearLr, type LinearLrOptions } from "./schedule/linear-lr.ts";
export { stepLr, type StepLrOptions } from "./schedule/step-lr.ts";
export { multiStepLr, type MultiStepLrOptions } from "./schedule/multi-step-lr.ts";
export { exponentialLr, type ExponentialLrOptions } from "./schedule/exponential-lr.ts";
export { polynomialLr, type PolynomialLrOptions } from "./schedule/polynomial-lr.ts";
export { cosineAnnealingLr, type CosineAnnealingLrOptions } from "./schedule/cosine-annealing-lr.ts";
export {
  cosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./schedule/cosine-annealing-warm-restarts.ts";
export {
  oneCycleLr,
  type OneCycleLrOptions,
  oneCycleMomentum,
  type OneCycleMomentumOptions,
  type OneCycleOptions,
} from "./schedule/one-cycle-lr.ts";
export {
  cyclicLr,
  type CyclicLrOptions,
  cyclicMomentum,
  type CyclicMomentumOptions,
  type CyclicOptions,
} from "./schedule/cyclic-lr.ts";
export { lambdaLr, multiplicativeLr } from "./schedule/lambda-lr.ts";
export { swaLr, type SwaLrOptions } from "./schedule/swa-lr.ts";
export { linearWarmup, type LinearWarmupOptions } from "./schedule/linear-warmup.ts";
export { sequentialLr } from "./schedule/sequential-lr.ts";
export { chainedLr } from "./schedule/chained-lr.ts";
export { perEpoch } from "./schedule/per-epoch.ts";
export {
  type PlateauState,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from "./schedule/reduce-lr-on-plateau.ts";
export { type AnnealStrategy } from "./schedule/anneal.ts";

// data
export { type BatchOf, type NumberArray, type TensorsOf } from "./data/batch-of.ts";
export { batchSampler, type BatchSamplerOptions } from "./data/batch-sampler.ts";
export { BatchStream, type BatchStreamOptions, type BatchStreamState } from "./data/batch-stream.ts";
export { Batches, batches, type BatchesState } from "./data/batches.ts";
export {
  type BatchesLoading,
  type BatchesOptions,
  type BatchesOrder,
  type BatchesSize,
  type Collating,
} from "./data/batches-options.ts";
export { collate } from "./data/collate.ts";
export { ConcatDataset } from "./data/concat-dataset.ts";
export { DataError } from "./data/data-error.ts";
export { type Dataset } from "./data/dataset.ts";
export { DistributedSampler, type DistributedSamplerOptions } from "./data/distributed-sampler.ts";
export { type HostBatch } from "./data/host-batch.ts";
export { kFold, type KFoldOptions, type KFoldSplit } from "./data/k-fold.ts";
export { mapDataset } from "./data/map-dataset.ts";
export { randomSampler, type RandomSamplerOptions } from "./data/random-sampler.ts";
export { randomSplit, type RandomSplitOptions } from "./data/random-split.ts";
export { type BatchSampler, type Sampler } from "./data/sampler.ts";
export { sequentialSampler } from "./data/sequential-sampler.ts";
export { serveDataset } from "./data/serve-dataset.ts";
export { stratifiedKFold } from "./data/stratified-k-fold.ts";
export { Subset } from "./data/subset.ts";
export { subsetRandomSampler } from "./data/subset-random-sampler.ts";
export { type RowOf, TensorDataset } from "./data/tensor-dataset.ts";
export { type TrainTest, trainTestSplit, type TrainTestSplitOptions } from "./data/train-test-split.ts";
export { webWorkers } from "./data/web-workers.ts";
export { weightedRandomSampler, type WeightedRandomSamplerOptions } from "./data/weighted-random-sampler.ts";
export { type WorkerPort, type Workers } from "./data/workers.ts";

// augmentation
export { type Augmentation } from "./augment/augmentation.ts";
export { type Image } from "./augment/image.ts";
export { type ImageSize } from "./augment/image-size.ts";
export { compose } from "./augment/compose.ts";
export { toFloat } from "./augment/to-float.ts";
export { normalize } from "./augment/normalize.ts";
export { colorJitter, type ColorJitterOptions } from "./augment/color-jitter.ts";
export { cutout, type CutoutOptions } from "./augment/cutout.ts";
export { elasticTransform, type ElasticTransformOptions } from "./augment/elastic-transform.ts";
export { pcaColor, type PcaColorOptions } from "./augment/pca-color.ts";
export { randomAffine, type RandomAffineOptions } from "./augment/random-affine.ts";
export { randomCrop, type RandomCropOptions } from "./augment/random-crop.ts";
export { randomErasing, type RandomErasingOptions } from "./augment/random-erasing.ts";
export { randomHorizontalFlip, type RandomFlipOptions } from "./augment/random-horizontal-flip.ts";
export { randomPerspective, type RandomPerspectiveOptions } from "./augment/random-perspective.ts";
export { randomResizedCrop, type RandomResizedCropOptions } from "./augment/random-resized-crop.ts";
export { randomRotation } from "./augment/random-rotation.ts";
export { randomVerticalFlip } from "./augment/random-vertical-flip.ts";
export { cutMix } from "./augment/cut-mix.ts";
export { mixUp } from "./augment/mix-up.ts";
export {
  type CollatedBatch,
  type LabeledBatch,
  type MixedBatch,
  type MixOptions,
} from "./augment/labeled-batch.ts";

// augmentation: the functions of an image beneath
export { adjustBrightnessImage } from "./augment/adjust-brightness-image.ts";
export { adjustContrastImage } from "./augment/adjust-contrast-image.ts";
export { adjustHueImage } from "./augment/adjust-hue-image.ts";
export { adjustSaturationImage } from "./augment/adjust-saturation-image.ts";
export { affineImage, type AffineImageOptions, type AffineParameters } from "./augment/affine-image.ts";
export { colorComponents, type ColorComponents, type Rgb } from "./augment/color-components.ts";
export { type ImageBox, cropImage } from "./augment/crop-image.ts";
export { elasticImage } from "./augment/elastic-image.ts";
export { eraseImage } from "./augment/erase-image.ts";
export { type ImageFill } from "./augment/fill.ts";
export { horizontalFlipImage } from "./augment/horizontal-flip-image.ts";
export {
  type ImagePadding,
  padImage,
  type PadImageOptions,
  type ImagePaddingMode,
} from "./augment/pad-image.ts";
export { type ImageCorners, perspectiveImage, type ImagePoint } from "./augment/perspective-image.ts";
export { type Interval } from "./augment/random-sides.ts";
export { resizeImage } from "./augment/resize-image.ts";
export { rotateImage, type RotateImageOptions } from "./augment/rotate-image.ts";
export { verticalFlipImage } from "./augment/vertical-flip-image.ts";
export { type WarpOptions } from "./augment/warp-image.ts";

// training
export { yieldToEventLoop } from "./train/yield-to-event-loop.ts";
export { type LossAndKept, type StepResult, trainStep } from "./train/train-step.ts";
export { fit, type FitOptions } from "./train/fit.ts";
export { type FitEnd, type FitEpoch, type FitEvent, type FitStart, type FitStep } from "./train/fit-event.ts";
export { type Batch, type BatchSource } from "./train/batch.ts";
export { evaluate, type EvaluateOptions } from "./train/evaluate.ts";
export { type Loss } from "./train/loss.ts";
export { type Takes } from "./train/takes.ts";
export { type Evaluation } from "./train/fit-event.ts";
export { type MetricAccumulator } from "./train/metric-accumulator.ts";
export { earlyStopping, type EarlyStoppingOptions } from "./train/early-stopping.ts";
export { keepBest, type KeepBestOptions } from "./train/keep-best.ts";
export { lowestLoss, type Monitor } from "./train/monitor.ts";
export { NonFiniteLossError } from "./train/non-finite-loss-error.ts";

// ensembles and transfer
export { AveragedModel, type AveragedModelOptions } from "./ensemble/averaged-model.ts";
export { type Averaging, ema, type EmaWarmupOptions, emaWithWarmup, swa } from "./ensemble/averaging.ts";
export { updateBatchNorm } from "./ensemble/update-batch-norm.ts";
export { withWeights } from "./ensemble/with-weights.ts";
export { averageEnsemble, type AverageEnsembleOptions } from "./ensemble/average-ensemble.ts";
export { votingEnsemble, type VotingEnsembleOptions } from "./ensemble/voting-ensemble.ts";
export { bootstrap, type BootstrapOptions, type BootstrapSample } from "./ensemble/bootstrap.ts";
export { bagging, type BaggingMember, type BaggingOptions } from "./ensemble/bagging.ts";
export { Snapshots } from "./ensemble/snapshots.ts";
export { trainOnly } from "./ensemble/train-only.ts";
export { type CopyReport, copyWeights, type CopyWeightsOptions } from "./ensemble/copy-weights.ts";
export { layerwise, type LayerwiseOptions } from "./ensemble/layerwise.ts";

// weights
export { loadWeights } from "./weights/load-weights.ts";
export { type LoadWeightsOptions, type Weights, type WeightsReport } from "./weights/plan-weights.ts";
export {
  type Architectures,
  type FromConfig,
  fromPretrained,
  type FromPretrainedOptions,
} from "./weights/from-pretrained.ts";
export { readPretrainedJson, type ReadPretrainedOptions } from "./weights/read-pretrained-json.ts";
export { PretrainedConfig } from "./weights/pretrained-config.ts";
export { loadPretrained, type LoadPretrainedOptions } from "./weights/load-pretrained.ts";
export {
  type PretrainedFolder,
  type PretrainedFolderOptions,
  type PretrainedSource,
} from "./weights/pretrained-folder.ts";
export { saveWeights, type SaveWeightsOptions } from "./weights/save-weights.ts";
export { torchStateOf, type TorchState } from "./weights/torch-state-of.ts";
export { parseSafetensors, type Safetensors } from "./weights/parse-safetensors.ts";
export { encodeSafetensors } from "./weights/encode-safetensors.ts";
export {
  type StoredDtype,
  type StoredTensor,
  toHostTensor,
  toStoredTensor,
} from "./weights/stored-tensor.ts";
export { type HasTorchLayout, type TorchField, type TorchLayout } from "./weights/torch-layout.ts";

// adapters of low rank
export { applyLora, type LoraOptions } from "./lora/apply-lora.ts";
export { loadLora, type LoadLoraOptions } from "./lora/load-lora.ts";
export { LoraError } from "./lora/lora-error.ts";
export { type LoraFiles } from "./lora/lora-files.ts";
export { mergeLora } from "./lora/merge-lora.ts";
export { removeLora } from "./lora/remove-lora.ts";
export { saveLora, type SaveLoraOptions } from "./lora/save-lora.ts";
export { unmergeLora } from "./lora/unmerge-lora.ts";

// checkpoints
export { type CheckpointParts, saveCheckpoint } from "./checkpoint/save-checkpoint.ts";
export { loadCheckpoint } from "./checkpoint/load-checkpoint.ts";
export { type Stateful } from "./checkpoint/stateful.ts";
export { CheckpointError } from "./checkpoint/checkpoint-error.ts";

// TensorBoard

// gradients and custom ops
export { gradient, type ValueAndGradients, valueAndGradients } from "./gradient.ts";
export {
  defineElementwise,
  type ElementwiseDefinition,
  type ElementwiseOp,
} from "./op/define-elementwise.ts";
export { detach, noGrad } from "./no-grad.ts";
export {
  defineOp,
  hasKernel,
  type Op,
  type OpDefinition,
  type OpInputs,
  type OpOutput,
  type OpTensors,
} from "./op/define-op.ts";
export { type DtypeOf, type OpInput, type TensorOf } from "./op/op-input.ts";

// observing
export { type GradientRule, type OpRun, withGradientRules } from "./op/with-gradient-rules.ts";
export { capture } from "./observe/capture.ts";
export { type GradientAt, gradientAt } from "./observe/gradient-at.ts";
export { intercept } from "./observe/intercept.ts";
export { type Dependence, dependence } from "./observe/dependence.ts";
export { isIntercepted } from "./observe/is-intercepted.ts";

// numbers on the host
export { roundHalfEven } from "./round-half-even.ts";
export { type HostData, type HostTensor, permute, sizeOf } from "./host-tensor.ts";

// errors
export { WindowError } from "./op/window-error.ts";
export { AxisError } from "./op/axis-error.ts";
export { DtypeError } from "./dtype-error.ts";
export { DomainError } from "./loss/domain-error.ts";
export { EmptyBatchError } from "./loss/empty-batch-error.ts";
export { checkLabels } from "./check-labels.ts";
export { LabelError } from "./loss/label-error.ts";
export { NoGradientError } from "./no-gradient-error.ts";
export { checkArguments } from "./check-arguments.ts";
export { checkOptions } from "./check-options.ts";
export { checkRecord } from "./check-record.ts";
export { checkSizeArray } from "./check-size-array.ts";
export { checkTensor } from "./check-tensor.ts";
export {
  checkChoice,
  checkFinite,
  checkIntegers,
  checkNotNegative,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
} from "./check-values.ts";
export { OptionError } from "./option-error.ts";
export { hostValues } from "./host-values.ts";
export { IndexError } from "./index-error.ts";
export { checkShape, ShapeError } from "./shape-error.ts";
export { sizeAlong } from "./op/size-along.ts";
export { StructError } from "./struct/struct-error.ts";
export { SafetensorsError } from "./weights/safetensors-error.ts";
export { DownloadError, type DownloadErrorCode } from "./download/download-error.ts";
export { PretrainedError } from "./weights/pretrained-error.ts";
export { WeightsError } from "./weights/weights-error.ts";
