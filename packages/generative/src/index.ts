// one contract for all that draws samples
export {
  createSampler,
  type SamplerParts,
  type SamplerResult,
  type SamplerStep,
} from "./sampler/create-sampler.ts";
export { drawSamples } from "./sampler/draw-samples.ts";
export { type ExactSampler, type SampleEvent, type SampleOptions, type Sampler } from "./sampler/sampler.ts";
export { mapSampler } from "./sampler/map-sampler.ts";
export { randomTensor } from "./sampler/random-tensor.ts";

// solvers: from noise to examples
export { type NoiseLevel } from "./sampler/noise-level.ts";
export { type Denoised, type Solver, type SolverStep } from "./sampler/solver.ts";
export { type Denoiser, solverSampler, type SolverSamplerOptions } from "./sampler/solver-sampler.ts";
export { ddpm, type DdpmOptions } from "./sampler/ddpm.ts";
export { ddim, type DdimOptions } from "./sampler/ddim.ts";
export { euler } from "./sampler/euler.ts";
export { heun } from "./sampler/heun.ts";
export { type ChurnOptions } from "./sampler/churn.ts";
export { dpmSolver, type DpmSolverOptions } from "./sampler/dpm-solver.ts";
export { type Combine, type Field, type OdeMethod, odeStep } from "./sampler/ode-step.ts";

// diffusion
export { type Condition, type DenoisingNet, type NoisyInput } from "./diffusion/denoising-net.ts";
export {
  type DenoiserOptions,
  type DiffusionLossOptions,
  type DiffusionSamplerOptions,
  GaussianDiffusion,
  type GaussianDiffusionOptions,
} from "./diffusion/gaussian-diffusion.ts";
export { NoiseSchedule } from "./diffusion/noise-schedule.ts";
export {
  cosineSchedule,
  type CosineScheduleOptions,
  linearSchedule,
  type LinearScheduleOptions,
  sigmoidSchedule,
  type SigmoidScheduleOptions,
} from "./diffusion/schedules.ts";
export { zeroTerminalSnr } from "./diffusion/zero-terminal-snr.ts";
export { type TimestepSpacing, timestepSpacing } from "./diffusion/timestep-spacing.ts";
export {
  noiseFactors,
  type Objective,
  type PredictionFactors,
  targetFactors,
  x0Factors,
} from "./diffusion/objective.ts";
export { lossWeights } from "./diffusion/loss-weights.ts";
export { type Clip } from "./diffusion/clip.ts";
export { learnedDeviation } from "./diffusion/learned-variance.ts";
export {
  consistencyPreconditioning,
  edmPreconditioning,
  karrasLevel,
  karrasLevels,
  type KarrasLevelsOptions,
  type Preconditioning,
} from "./diffusion/karras.ts";
export {
  classifierFreeGuidance,
  type ClassifierFreeGuidanceOptions,
} from "./diffusion/classifier-free-guidance.ts";
export { type Guidance, guideByClassifier, guideWithout, type Prediction } from "./diffusion/guidance.ts";
export { timeEmbedding, type TimeEmbeddingOptions } from "./diffusion/time-embedding.ts";

// other ways from noise to examples
export { EdmDiffusion, type EdmDiffusionOptions, type EdmSamplerOptions } from "./diffusion/edm-diffusion.ts";
export {
  ConsistencyModel,
  type ConsistencyModelOptions,
  type ConsistencySamplerOptions,
  type DistillationOptions,
} from "./diffusion/consistency-model.ts";
export {
  divergence,
  FlowMatching,
  type FlowMatchingOptions,
  type FlowMatchingSamplerOptions,
  type VelocityGuidance,
} from "./diffusion/flow-matching.ts";
export {
  type LatentCoder,
  LatentDiffusion,
  type LatentDiffusionOptions,
} from "./diffusion/latent-diffusion.ts";
export { repaint, type RepaintOptions } from "./diffusion/repaint.ts";
export {
  denoisingScoreMatching,
  geometricSigmas,
  type LangevinOptions,
  langevinStep,
  ScoreModel,
} from "./score/score-model.ts";

// networks
export { Unet, type UnetInput, type UnetOptions } from "./unet/unet.ts";
export { ClassEmbedding, type ClassEmbeddingOptions, dropClasses } from "./unet/class-embedding.ts";
export { DiT, type DiTInput, type DiTOptions } from "./dit/dit.ts";

// predicting pixel by pixel
export { convolutionMask, MaskedConv2d, type MaskedConv2dOptions } from "./pixelcnn/masked-conv2d.ts";
export { PixelCnn, type PixelCnnOptions } from "./pixelcnn/pixel-cnn.ts";

// worlds
export {
  DiffusionWorld,
  type DiffusionWorldOptions,
  type Play,
  type WorldState,
} from "./world/diffusion-world.ts";

// measures
export { type FrechetDistance, frechetDistance } from "./measures/frechet-distance.ts";
export { type KernelDistance, kernelDistance } from "./measures/kernel-distance.ts";
export { type PrecisionRecall, precisionRecall } from "./measures/precision-recall.ts";
export { inceptionScore, type InceptionScoreOptions } from "./measures/inception-score.ts";
export { bitsPerDimension, type BitsPerDimensionOptions } from "./measures/bits-per-dimension.ts";
export { type ModeCoverage, modeCoverage } from "./measures/mode-coverage.ts";
export { type NearestExamples, nearestExamples } from "./measures/nearest-examples.ts";
export { type Features } from "./measures/feature-rows.ts";

// The table of contents of the package.

// autoencoders
export { Autoencoder, type AutoencoderOptions } from "./autoencoder/autoencoder.ts";
export { contractivePenalty } from "./autoencoder/contractive-penalty.ts";
export { corrupt, type CorruptOptions } from "./autoencoder/corrupt.ts";
export { sparsityPenalty } from "./autoencoder/sparsity-penalty.ts";
export { StackedAutoencoder, type StackedAutoencoderOptions } from "./autoencoder/stacked-autoencoder.ts";
export { pretrain, type PretrainEvent, type PretrainOptions } from "./autoencoder/pretrain.ts";

// variational autoencoders
export { Vae, type VaeOptions, type VaeOutput } from "./vae/vae.ts";
export { ConditionalVae } from "./vae/conditional-vae.ts";
export { type Labeled } from "./labeled.ts";
export { GumbelVae, type GumbelVaeOptions, type GumbelVaeOutput } from "./vae/gumbel-vae.ts";
export { type ElboTerms, negativeElbo, type NegativeElboOptions } from "./vae/negative-elbo.ts";
export {
  type EncoderDecoder,
  importanceWeightedElbo,
  type ImportanceWeightedElboOptions,
} from "./vae/importance-weighted-elbo.ts";
export { gaussianLogProb } from "./vae/gaussian-log-prob.ts";
export { bernoulliKl } from "./vae/bernoulli-kl.ts";
export { categoricalKl } from "./vae/categorical-kl.ts";
export { type Laplace, laplaceKl } from "./vae/laplace-kl.ts";

// vector quantization
export { type Quantized, vectorQuantize } from "./vq/vector-quantize.ts";
export { type QuantizerOutput, VectorQuantizer, type VectorQuantizerOptions } from "./vq/vector-quantizer.ts";
export { EmaVectorQuantizer, type EmaVectorQuantizerOptions } from "./vq/ema-vector-quantizer.ts";
export { VqVae, type VqVaeOptions, type VqVaeOutput } from "./vq/vq-vae.ts";

// adversarial networks
export {
  type GanLoss,
  hingeGan,
  leastSquaresGan,
  minimaxGan,
  nonSaturatingGan,
  wassersteinGan,
} from "./gan/gan-losses.ts";
export {
  type Adversaries,
  discriminatorStep,
  type DiscriminatorStepOptions,
} from "./gan/discriminator-step.ts";
export { generatorStep, type GeneratorStepOptions } from "./gan/generator-step.ts";
export { gradientPenalty, type GradientPenaltyOptions } from "./gan/gradient-penalty.ts";
export { r1Penalty } from "./gan/r1-penalty.ts";
export { clipWeights } from "./gan/clip-weights.ts";
export { SpectralNormLinear, type SpectralNormLinearOptions } from "./gan/spectral-norm-linear.ts";
export { SpectralNormConv2d, type SpectralNormConv2dOptions } from "./gan/spectral-norm-conv2d.ts";
export {
  SpectralNormConvTranspose2d,
  type SpectralNormConvTranspose2dOptions,
} from "./gan/spectral-norm-conv-transpose2d.ts";
export { SpectralWeight } from "./gan/spectral-weight.ts";
export { MlpGenerator, type MlpGeneratorOptions } from "./gan/mlp-generator.ts";
export { MlpDiscriminator, type MlpDiscriminatorOptions } from "./gan/mlp-discriminator.ts";
export { GivenClass } from "./gan/given-class.ts";
export { DcganGenerator, type DcganGeneratorOptions } from "./gan/dcgan-generator.ts";
export { DcganDiscriminator } from "./gan/dcgan-discriminator.ts";
export { type DcganOptions } from "./gan/dcgan-layers.ts";
export { ResnetGenerator, type ResnetGeneratorOptions } from "./gan/cycle/resnet-generator.ts";
export { PatchDiscriminator, type PatchDiscriminatorOptions } from "./gan/cycle/patch-discriminator.ts";
export {
  CycleGan,
  type CycleGanLossOptions,
  type CycleGanNetworks,
  type CycleGanTranslations,
} from "./gan/cycle/cycle-gan.ts";
export { ImagePool, type ImagePoolOptions } from "./gan/cycle/image-pool.ts";
export { StyleGenerator, type StyleGeneratorOptions } from "./gan/style/style-generator.ts";
export { StyleDiscriminator, type StyleDiscriminatorOptions } from "./gan/style/style-discriminator.ts";

// normalizing flows
export { type Bijection, type Transformed } from "./flow/bijection.ts";
export { Flow } from "./flow/flow.ts";
export { flowSampler } from "./flow/flow-sampler.ts";
export { realNvp } from "./flow/real-nvp.ts";
export { nice } from "./flow/nice.ts";
export { type CouplingFlowOptions } from "./flow/coupling-flow-options.ts";
export { type AutoregressiveFlowOptions, iaf, maf } from "./flow/autoregressive-flows.ts";
export { splineFlow, type SplineFlowOptions } from "./flow/spline-flow.ts";
export { Glow, type GlowOptions } from "./flow/glow.ts";
export { ContinuousFlow, type ContinuousFlowOptions } from "./flow/continuous-flow.ts";

// normalizing flows: their layers
export { AffineCoupling } from "./flow/affine-coupling.ts";
export { DiagonalScaling } from "./flow/diagonal-scaling.ts";
export { ActNorm } from "./flow/act-norm.ts";
export { InvertibleConv1x1, type InvertibleConv1x1Options } from "./flow/invertible-conv1x1.ts";
export { Made, type MadeOptions } from "./flow/made.ts";
export { MaskedAutoregressive, type MaskedAutoregressiveOptions } from "./flow/masked-autoregressive.ts";
export { InverseOf } from "./flow/inverse-of.ts";
export { ReverseFeatures } from "./flow/reverse-features.ts";
export { SplineCoupling, type SplineCouplingOptions } from "./flow/spline-coupling.ts";
export {
  rationalQuadraticSpline,
  type SplineOptions,
  type SplineOutput,
  type SplineParameters,
} from "./flow/rational-quadratic-spline.ts";
export { type FieldInput, MlpField, type MlpFieldOptions } from "./flow/mlp-field.ts";
export { fieldTrace } from "./flow/field-trace.ts";
