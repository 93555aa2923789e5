// models and layers
export { KAN, type KANOptions, type KANWidth } from "./kan.ts";
export { KANLayer, type KANLayerOptions } from "./kan-layer.ts";
export { type Affine, SymbolicKANLayer } from "./symbolic-kan-layer.ts";
export { EfficientKAN } from "./efficient-kan.ts";
export { KANLinear, type KANLinearOptions } from "./kan-linear.ts";
export { type BaseFunction } from "./base-function.ts";
export { type GridOptions } from "./grid-options.ts";
export { RBFNetwork, type RBFNetworkOptions } from "./rbf-network.ts";

// splines
export { uniformKnots } from "./uniform-knots.ts";
export { adaptiveKnots, type AdaptiveKnotsOptions } from "./adaptive-knots.ts";
export { splineBasis, splineDerivative } from "./spline-basis.ts";
export { fitSpline } from "./fit-spline.ts";
export { bSplineBasis } from "./b-spline-basis.ts";
export { type LocalBasis, localBasis } from "./local-basis.ts";

// what to do with a network
export { fitKan, type FitKanOptions, type KanExamples, type KanStep } from "./fit-kan.ts";
export { refineGrid } from "./refine-grid.ts";
export { prune, type PruneOptions } from "./prune.ts";
export { attribute, type KANScores } from "./attribute.ts";
export { type EdgeActivations, edgeActivations } from "./edge-activations.ts";
export { kanPenalty, type KanPenaltyOptions } from "./kan-penalty.ts";

// formulas
export { type SymbolicFunction, symbolicFunctions, type SymbolicName } from "./symbolic-functions.ts";
export { fitSymbolic, type FitSymbolicOptions, type SymbolicFit } from "./fit-symbolic.ts";
export { suggestSymbolic, type SuggestSymbolicOptions, type SymbolicSuggestion } from "./suggest-symbolic.ts";
export { autoSymbolic, type AutoSymbolicOptions } from "./auto-symbolic.ts";
export { symbolicFormula, type SymbolicFormula, type SymbolicFormulaOptions } from "./symbolic-formula.ts";
