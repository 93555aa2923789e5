// layers and models whose weights are distributions
export { BayesianLinear } from "./variational/bayesian-linear.ts";
export { BayesianConv2d, type BayesianConv2dOptions } from "./variational/bayesian-conv2d.ts";
export { BayesianLayer, type BayesianOptions } from "./variational/bayesian-layer.ts";
export {
  type Estimator,
  flipout,
  localReparameterization,
  type Variational,
  weightSampling,
} from "./variational/estimator.ts";
export { type Prior } from "./variational/prior.ts";
export { gaussianKlSum } from "./variational/gaussian-kl-sum.ts";
export { klOf } from "./variational/kl-of.ts";
export { blundellWeights, elboLoss, type ElboLossOptions } from "./variational/elbo-loss.ts";
export { BayesianLeNet, type BayesianLeNetOptions } from "./model/bayesian-le-net.ts";

// predictions from many weights
export { sampling } from "./predict/sampling.ts";
export { ensemblePredictions, samplePredictions } from "./predict/sample-predictions.ts";
export { type PredictiveUncertainty, predictiveUncertainty } from "./predict/predictive-uncertainty.ts";
export { predictiveNll } from "./predict/predictive-nll.ts";
export { energyScore, maxProbabilityScore } from "./predict/out-of-distribution.ts";

// distributions of the weights of trained models
export { Swag, type SwagOptions } from "./posterior/swag.ts";
export {
  LastLayerLaplace,
  type LastLayerLaplaceOptions,
  type LogitDistribution,
} from "./posterior/last-layer-laplace.ts";
export {
  KroneckerLaplace,
  type KroneckerLaplaceOptions,
  type LaplaceExamples,
} from "./posterior/kronecker-laplace.ts";
export { type LinearModel } from "./posterior/layer-jacobians.ts";
export { type Matrix } from "@pellucid/core-train/linalg";

// calibration and conformal prediction
export { type Reliability, reliability, type ReliabilityBin } from "./calibrate/reliability.ts";
export { fitTemperature, type Temperature } from "./calibrate/fit-temperature.ts";
export { type ConformalQuantile, conformalQuantile } from "./conformal/conformal-quantile.ts";
export {
  adaptive,
  type ConformalScore,
  type ConformalSets,
  conformalSets,
  leastAmbiguous,
} from "./conformal/conformal-sets.ts";
export { conformalIntervals, type Range } from "./conformal/conformal-intervals.ts";

// intervals
export { type Interval, intervalAround } from "./interval/interval.ts";
export { IntervalLinear, type IntervalOptions } from "./interval/interval-linear.ts";
export { IntervalConv2d, type IntervalConv2dOptions } from "./interval/interval-conv2d.ts";
export { Monotone } from "./interval/monotone.ts";
export { intervalLoss, type IntervalLossOptions } from "./interval/interval-loss.ts";
export { intervalBounds } from "./interval/interval-bounds.ts";
export { crownBounds } from "./interval/crown-bounds.ts";
export { certify, type CertifyOptions } from "./interval/certify.ts";
