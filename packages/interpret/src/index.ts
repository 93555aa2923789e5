// One group per folder.

// score: what is explained
export { classScore } from "./score/class-score.ts";
export { tokenScore, type TokenScoreOptions } from "./score/token-score.ts";
export { type Score } from "./score/score.ts";
export { type Attribution } from "./score/attribution.ts";
export { type Baseline } from "./score/baseline.ts";
export { marginScore } from "./score/margin-score.ts";
export { directionScore } from "./score/direction-score.ts";
export { type BoxModel, boxScore, type BoxTarget } from "./score/box-score.ts";
export { type Box } from "./score/overlap-with.ts";
export { pixelScore, type PixelScoreOptions } from "./score/pixel-score.ts";
export { similarityScore } from "./score/similarity-score.ts";

// run: batch size, progress and cancellation of long work, checks of data
export { type RunOptions } from "./run/run-options.ts";
export { NonFiniteError } from "./run/check-finite.ts";

// gradients: input attribution by gradients
export { saliency } from "./gradients/saliency.ts";
export { inputXGradient } from "./gradients/input-x-gradient.ts";
export { smooth, type SmoothOptions } from "./gradients/smooth.ts";
export { smoothGrad } from "./gradients/smooth-grad.ts";
export { type NoiseOptions } from "./gradients/noise-options.ts";
export { integratedGradients, type IntegratedGradientsOptions } from "./gradients/integrated-gradients.ts";
export { gradientShap, type GradientShapOptions } from "./gradients/gradient-shap.ts";
export { tokenAttribution } from "./gradients/token-attribution.ts";

// relevance: input attribution by other backward rules
export { guidedBackprop } from "./relevance/guided-backprop.ts";
export { deconvnet } from "./relevance/deconvnet.ts";
export { deepLift, type DeepLiftOptions } from "./relevance/deep-lift.ts";
export {
  epsilonAlphaBeta,
  epsilonEverywhere,
  epsilonPlus,
  lrp,
  type LrpComposite,
  type LrpOptions,
} from "./relevance/lrp.ts";
export { lrpAlphaBeta, lrpEpsilon, lrpGamma, type LrpRule, lrpZPlus } from "./relevance/lrp-rule.ts";
export { withFoldedBatchNorms } from "./relevance/fold-batch-norms.ts";

// cam: class activation maps
export { cam, type CamOptions, type CamWeighting, type ClassActivationMap } from "./cam/cam.ts";
export { type SpatialMap } from "./cam/spatial-map.ts";
export { gradCam } from "./cam/grad-cam.ts";
export { gradCamPlusPlus } from "./cam/grad-cam-plus-plus.ts";
export { hiResCam } from "./cam/hi-res-cam.ts";
export { layerCam } from "./cam/layer-cam.ts";
export { xGradCam } from "./cam/x-grad-cam.ts";
export { scoreCam, type ScoreCamOptions } from "./cam/score-cam.ts";
export { ablationCam } from "./cam/ablation-cam.ts";
export { eigenCam } from "./cam/eigen-cam.ts";
export { guidedGradCam } from "./cam/guided-grad-cam.ts";
export { upsampleMap } from "./cam/upsample-map.ts";

// perturbation: input attribution by hiding parts
export { occlusion, type OcclusionOptions } from "./perturbation/occlusion.ts";
export { rise, type RiseOptions } from "./perturbation/rise.ts";
export { type DetectionTarget, dRise } from "./perturbation/d-rise.ts";
export { lime, type LimeOptions } from "./perturbation/lime.ts";
export { kernelShap } from "./perturbation/kernel-shap.ts";
export { shapley } from "./perturbation/shapley.ts";
export { type PerturbationOptions } from "./perturbation/perturbation-options.ts";
export { gridSegments, type Segments, type SegmentsOf } from "./perturbation/segments.ts";

// evaluation: is an explanation faithful
export { completenessDelta } from "./evaluation/completeness-delta.ts";
export { type ExplainedInput } from "./evaluation/explained-input.ts";
export {
  type Curve,
  type InsertionDeletion,
  insertionDeletion,
  type InsertionDeletionOptions,
} from "./evaluation/insertion-deletion.ts";
export { infidelity, type InfidelityOptions } from "./evaluation/infidelity.ts";
export { maxSensitivity, type MaxSensitivityOptions } from "./evaluation/max-sensitivity.ts";
export { type SanityCheck, sanityCheck, type SanityCheckOptions } from "./evaluation/sanity-check.ts";
export { spearman } from "./evaluation/spearman.ts";

// concepts: what hidden features encode
export { conceptVector } from "./concepts/concept-vector.ts";
export { tcav } from "./concepts/tcav.ts";
export { type LinearProbe, linearProbe, type LinearProbeOptions } from "./concepts/linear-probe.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./concepts/logistic-regression.ts";

// attention: how information flows between tokens
export { attentionRollout } from "./attention/attention-rollout.ts";
export { attentionFlow } from "./attention/attention-flow.ts";

// inside: weights, activations, gradients and the graph of a model
export { logitLens } from "./inside/logit-lens.ts";
export { activationPatching } from "./inside/activation-patching.ts";
export { activationsOf } from "./inside/activations-of.ts";
export { filterImages } from "./inside/filter-images.ts";
export { weightMatrix } from "./inside/weight-matrix.ts";
export { type Histogram, histogram } from "./inside/histogram.ts";
export { histograms } from "./inside/histograms.ts";
export { deadUnits } from "./inside/dead-units.ts";
export { type Flow, gradientFlow, type GradientFlowOptions } from "./inside/gradient-flow.ts";
export { type LossSurface, lossSurface, type LossSurfaceOptions } from "./inside/loss-surface.ts";
export { type ReceptiveField, type ReceptiveFieldOptions, receptiveField } from "./inside/receptive-field.ts";
export { type GraphNode, type ModelGraph, modelGraph } from "./inside/model-graph.ts";

// embedding: maps of high-dimensional data
export { type Pca, pca } from "./embedding/pca.ts";
export { type Tsne, tsne, type TsneOptions, type TsneRepulsion } from "./embedding/tsne.ts";
export { umap, type UmapOptions } from "./embedding/umap.ts";
export { type UmapCurve, umapCurve } from "./embedding/umap-curve.ts";
export { type Neighbors, nearestNeighbors } from "./embedding/nearest-neighbors.ts";
export { type EmbeddingQuality, embeddingQuality } from "./embedding/embedding-quality.ts";
export { type MapStability, mapStability } from "./embedding/map-stability.ts";

// adversarial: attacks and robust training
export { type AdversarialOptions } from "./adversarial/adversarial-options.ts";
export { fgsm } from "./adversarial/fgsm.ts";
export { pgd, type PgdOptions } from "./adversarial/pgd.ts";
export { minimalPerturbation, type MinimalPerturbationOptions } from "./adversarial/minimal-perturbation.ts";
export { type Transferability, transferability } from "./adversarial/transferability.ts";
export { adversarialBatches } from "./adversarial/adversarial-batches.ts";

// visualization: what units, layers and classes respond to
export { type TopActivation, topActivations } from "./visualization/top-activations.ts";
export {
  type ActivationAtlas,
  activationAtlas,
  type ActivationAtlasOptions,
  type AtlasCell,
} from "./visualization/activation-atlas.ts";
export { optimizeImage, type OptimizeImageOptions } from "./visualization/optimize-image.ts";
export { totalVariation } from "./visualization/total-variation.ts";
export { featureDistance } from "./visualization/feature-distance.ts";
export { deepDream, type DeepDreamOptions } from "./visualization/deep-dream.ts";

// style: textures and style transfer
export { gramMatrix } from "./style/gram-matrix.ts";
export {
  type Style,
  type StyleDistance,
  styleDistance,
  type StyleDistanceOptions,
} from "./style/style-distance.ts";
export { growTexture, type GrowTextureOptions } from "./style/grow-texture.ts";
export { quiltTexture, type QuiltTextureOptions } from "./style/quilt-texture.ts";
export { StyleNet, type StyleNetOptions } from "./style/style-net.ts";
export { trainStyleNet, type TrainStyleNetOptions } from "./style/train-style-net.ts";

// graphs: which nodes and edges a graph network's prediction depends on
export { graphScore, nodeScore } from "./graphs/node-score.ts";
export { edgeScore, type EdgeScoreOptions } from "./graphs/edge-score.ts";
export { type MaskedScore } from "./graphs/masked-score.ts";
export {
  edgeGradients,
  edgeIntegratedGradients,
  type EdgeIntegratedGradientsOptions,
} from "./graphs/edge-gradients.ts";
export { edgeOcclusion, type EdgeOcclusionOptions } from "./graphs/edge-occlusion.ts";
export { edgeAttention, type EdgeAttentionOptions } from "./graphs/edge-attention.ts";
export { type ExplainedMasks, gnnExplainer, type GnnExplainerOptions } from "./graphs/gnn-explainer.ts";
export { type ExplainedInstance, pgExplainer, type PgExplainerOptions } from "./graphs/pg-explainer.ts";
export { type ExplainedSubgraph, subgraphX, type SubgraphXOptions } from "./graphs/subgraph-x.ts";
export { edgeFidelity, type EdgeFidelity, explanationStability } from "./graphs/edge-fidelity.ts";
