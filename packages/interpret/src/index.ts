// what is explained, and how long work is done
export { classScore } from "./class-score.ts";
export { tokenScore, type TokenScoreOptions } from "./token-score.ts";
export { type Score } from "./score.ts";
export { type Attribution } from "./attribution.ts";
export { type Baseline } from "./baseline.ts";
export { type RunOptions } from "./run-options.ts";

// which input matters: gradients
export { saliency } from "./saliency.ts";
export { inputXGradient } from "./input-x-gradient.ts";
export { smooth, type SmoothOptions } from "./smooth.ts";
export { smoothGrad } from "./smooth-grad.ts";
export { type NoiseOptions } from "./noise-options.ts";
export { integratedGradients, type IntegratedGradientsOptions } from "./integrated-gradients.ts";
export { gradientShap, type GradientShapOptions } from "./gradient-shap.ts";

// which input matters: text
export { tokenAttribution } from "./token-attribution.ts";

// which input matters: other rules on the way back
export { guidedBackprop } from "./guided-backprop.ts";
export { deconvnet } from "./deconvnet.ts";
export { deepLift, type DeepLiftOptions } from "./deep-lift.ts";
export {
  epsilonAlphaBeta,
  epsilonEverywhere,
  epsilonPlus,
  lrp,
  type LrpComposite,
  type LrpOptions,
} from "./lrp.ts";
export { lrpAlphaBeta, lrpEpsilon, lrpGamma, type LrpRule, lrpZPlus } from "./lrp-rule.ts";
export { withFoldedBatchNorms } from "./fold-batch-norms.ts";

// which input matters: class activation maps
export { type CamOptions, type PlacesMap } from "./class-activation.ts";
export { gradCam } from "./grad-cam.ts";
export { gradCamPlusPlus } from "./grad-cam-plus-plus.ts";
export { hiResCam } from "./hi-res-cam.ts";
export { layerCam } from "./layer-cam.ts";
export { xGradCam } from "./x-grad-cam.ts";
export { scoreCam, type ScoreCamOptions } from "./score-cam.ts";
export { ablationCam } from "./ablation-cam.ts";
export { eigenCam } from "./eigen-cam.ts";
export { guidedGradCam } from "./guided-grad-cam.ts";
export { upsampleMap } from "./upsample-map.ts";

// which input matters: hiding it
export { occlusion, type OcclusionOptions } from "./occlusion.ts";
export { rise, type RiseOptions } from "./rise.ts";
export { lime, type LimeOptions } from "./lime.ts";
export { kernelShap } from "./kernel-shap.ts";
export { shapley } from "./shapley.ts";
export { type PerturbationOptions } from "./perturbation-options.ts";
export { gridSegments, type Segments } from "./segments.ts";

// is the explanation true
export { completenessDelta } from "./completeness-delta.ts";
export {
  type Curve,
  type InsertionDeletion,
  insertionDeletion,
  type InsertionDeletionOptions,
} from "./insertion-deletion.ts";
export { infidelity, type InfidelityOptions } from "./infidelity.ts";
export { maxSensitivity, type MaxSensitivityOptions } from "./max-sensitivity.ts";
export { type SanityCheck, sanityCheck, type SanityCheckOptions } from "./sanity-check.ts";
export { spearman } from "./spearman.ts";
export { conceptVector } from "./concept-vector.ts";
export { tcav } from "./tcav.ts";
export { type LinearProbe, linearProbe, type LinearProbeOptions } from "./linear-probe.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./logistic-regression.ts";

// looking inside: what looks where, and what hangs on what
export { attentionRollout } from "./attention-rollout.ts";
export { attentionFlow } from "./attention-flow.ts";
export { logitLens } from "./logit-lens.ts";
export { activationPatching } from "./activation-patching.ts";

// looking inside
export { activationsOf } from "./activations-of.ts";
export { filterImages } from "./filter-images.ts";
export { weightMatrix } from "./weight-matrix.ts";
export { type Histogram, histogram } from "./histogram.ts";
export { histograms } from "./histograms.ts";
export { deadUnits } from "./dead-units.ts";
export { type Flow, gradientFlow, type GradientFlowOptions } from "./gradient-flow.ts";
export { type LossSurface, lossSurface, type LossSurfaceOptions } from "./loss-surface.ts";
export { type ReceptiveField, receptiveField } from "./receptive-field.ts";
export { type GraphNode, type ModelGraph, modelGraph } from "./model-graph.ts";

// where the data lies
export { type Pca, pca } from "./pca.ts";
export { type Tsne, tsne, type TsneOptions, type TsneRepulsion } from "./tsne.ts";
export { umap, type UmapOptions } from "./umap.ts";
export { type UmapCurve, umapCurve } from "./umap-curve.ts";
export { type Neighbors, nearestNeighbors } from "./nearest-neighbors.ts";
export { type EmbeddingQuality, embeddingQuality } from "./embedding-quality.ts";
export { type MapStability, mapStability } from "./map-stability.ts";

// fooling it
export { marginScore } from "./margin-score.ts";
export { type AdversarialOptions } from "./adversarial-options.ts";
export { fgsm } from "./fgsm.ts";
export { pgd, type PgdOptions } from "./pgd.ts";
export { minimalPerturbation, type MinimalPerturbationOptions } from "./minimal-perturbation.ts";
export { type Transferability, transferability } from "./transferability.ts";
export { adversarialBatches } from "./adversarial-batches.ts";

// what a unit wants, textures and styles
export { type TopActivation, topActivations } from "./top-activations.ts";
export {
  type ActivationAtlas,
  activationAtlas,
  type ActivationAtlasOptions,
  type AtlasCell,
} from "./activation-atlas.ts";
export { directionScore } from "./direction-score.ts";
export { optimizeImage, type OptimizeImageOptions } from "./optimize-image.ts";
export { totalVariation } from "./total-variation.ts";
export { featureDistance } from "./feature-distance.ts";
export { gramMatrix } from "./gram-matrix.ts";
export { type Style, type StyleDistance, styleDistance } from "./style-distance.ts";
export { growTexture, type GrowTextureOptions } from "./grow-texture.ts";
export { quiltTexture, type QuiltTextureOptions } from "./quilt-texture.ts";
export { StyleNet, type StyleNetOptions } from "./style-net.ts";
export { trainStyleNet, type TrainStyleNetOptions } from "./train-style-net.ts";
export { deepDream, type DeepDreamOptions } from "./deep-dream.ts";
