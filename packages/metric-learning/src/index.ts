// networks that compare
export {
  type Encoder,
  type PairOf,
  SiameseNetwork,
  TripletNetwork,
  type TripletOf,
} from "./siamese-network.ts";
export { pairLoss, type PairLossOfTwoOptions, tripletLoss, type TripletLossOptions } from "./pair-losses.ts";
export { embed, type EmbedOptions } from "./embed.ts";
export { Recognizer, type RecognizerOptions, type Recognized } from "./recognizer.ts";

// losses of labeled batches
export { angularLoss, type AngularLossOptions } from "./angular-loss.ts";
export { batchTripletLoss, type BatchTripletLossOptions } from "./batch-triplet-loss.ts";
export { circleLoss, type CircleLossOptions } from "./circle-loss.ts";
export { contrastiveLoss, type ContrastiveLossOptions } from "./contrastive-loss.ts";
export { fastApLoss, type FastApLossOptions } from "./fast-ap-loss.ts";
export {
  generalizedLiftedStructureLoss,
  liftedStructureLoss,
  type LiftedStructureLossOptions,
} from "./lifted-structure-loss.ts";
export { marginLoss, type MarginLossOptions } from "./margin-loss.ts";
export { multiSimilarityLoss, type MultiSimilarityLossOptions } from "./multi-similarity-loss.ts";
export { nPairsLoss, type NPairsLossOptions } from "./n-pairs-loss.ts";
export { ntXentLoss, type NtXentLossOptions } from "./nt-xent-loss.ts";
export { supConLoss, type SupConLossOptions } from "./sup-con-loss.ts";

// losses with a learned vector for each class
export { ArcFace, type ArcFaceOptions } from "./arc-face.ts";
export { type ClassVectorsOptions, type LabeledEmbeddings } from "./class-vectors.ts";
export { CosFace, type CosFaceOptions } from "./cos-face.ts";
export { MarginSoftmax, type TargetAngles } from "./margin-softmax.ts";
export { NormalizedSoftmax, type NormalizedSoftmaxOptions } from "./normalized-softmax.ts";
export { ProxyAnchor, type ProxyAnchorOptions } from "./proxy-anchor.ts";
export { ProxyNca, type ProxyNcaOptions } from "./proxy-nca.ts";
export { SphereFace, type SphereFaceOptions } from "./sphere-face.ts";

// their parts: distances, pairs, miners, reducers
export {
  cosine,
  type Distance,
  dotProduct,
  euclidean,
  type EuclideanOptions,
  signalToNoise,
} from "./distance.ts";
export {
  allTriplets,
  batchEasyHard,
  type BatchEasyHardOptions,
  batchHard,
  marginMiner,
  type MarginMinerOptions,
  multiSimilarityMiner,
  type MultiSimilarityMinerOptions,
  type TripletMiner,
} from "./miners.ts";
export { type PairLossOptions, type PairMiner } from "./pair-loss-options.ts";
export { allPairs, type PairMasks, tripletsOf } from "./pairs.ts";
export {
  meanBetween,
  type MeanBetweenOptions,
  meanNonZero,
  meanOfAll,
  type Reducer,
  sumOfAll,
} from "./reducers.ts";

// data
export { mPerClassSampler, type MPerClassSamplerOptions } from "./m-per-class-sampler.ts";

// neighbors and scores
export { allPairScores, type PairScores } from "./all-pair-scores.ts";
export { type Neighbor, NeighborIndex, type NeighborIndexOptions } from "./neighbor-index.ts";
export { oneShotAccuracy, type OneShotOptions } from "./one-shot-accuracy.ts";
export {
  type Gallery,
  type RetrievalOptions,
  type RetrievalScores,
  retrievalScores,
} from "./retrieval-scores.ts";
export { tarAtFar, type Verification, verification } from "./verification.ts";
