// one contract for all that draws samples
export {
  createSampler,
  type SamplerParts,
  type SamplerResult,
  type SamplerStep,
} from "./sampler/create-sampler.ts";
export { drawSamples } from "./sampler/draw-samples.ts";
export { type ExactSampler, type SampleEvent, type SampleOptions, type Sampler } from "./sampler/sampler.ts";
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

// diffusion
export {
  type Condition,
  type DenoisingNet,
  type DiffusionLossOptions,
  type DiffusionSamplerOptions,
  GaussianDiffusion,
  type GaussianDiffusionOptions,
  type NoisyInput,
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
