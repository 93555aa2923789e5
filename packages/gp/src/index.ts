// processes
export {
  GaussianProcessRegressor,
  type GaussianProcessRegressorOptions,
  type Prediction,
} from "./gaussian-process-regressor.ts";
export {
  GaussianProcessClassifier,
  type GaussianProcessClassifierOptions,
} from "./gaussian-process-classifier.ts";
export {
  type SparseFitOptions,
  SparseGaussianProcess,
  type SparseGaussianProcessOptions,
} from "./sparse-gaussian-process.ts";

// kernels
export { type Bounds, type Kernel } from "./kernel.ts";
export { constant, type KernelOptions } from "./constant.ts";
export { white } from "./white.ts";
export { rbf } from "./rbf.ts";
export { matern, type MaternOptions } from "./matern.ts";
export { rationalQuadratic, type RationalQuadraticOptions } from "./rational-quadratic.ts";
export { expSineSquared, type ExpSineSquaredOptions } from "./exp-sine-squared.ts";
export { dotProductKernel } from "./dot-product.ts";
export { powerOf, productOf, sumOf } from "./compose-kernels.ts";

// kriging
export {
  type Drift,
  type Kriging,
  type KrigingEstimate,
  ordinaryKriging,
  simpleKriging,
  universalKriging,
} from "./kriging.ts";
export {
  empiricalVariogram,
  fitVariogram,
  variogram,
  type Variogram,
  type VariogramBin,
  type VariogramForm,
  type VariogramOptions,
} from "./variogram.ts";

// physical laws
export { PhysicsNet, type PhysicsNetOptions } from "./physics-net.ts";
export { physicsLoss, type PhysicsLossOptions } from "./physics-loss.ts";
export { type Jet, jet } from "./jet.ts";

// numbers on the host
export { type Cholesky, cholesky, type Matrix, NotPositiveDefiniteError } from "@pellucid/core-train/linalg";
export { type Evaluated, minimize, type Minimum } from "./minimize.ts";
export { type Points } from "./points.ts";

// errors
