import {
  adam,
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkRng,
  gradient,
  Optimizer,
  parameter,
  type Parameter,
  type Rng,
  sigmoid,
  tidyLeaves,
  valueAndGradients,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  neg,
  reshape,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { binaryEntropy } from "./binary-entropy.ts";

const EPS = 1e-15;

/** What {@link gnnExplainer} multiplies messages and features by. */
export interface ExplainedMasks {
  /** From 0 to 1, `[edge]`. */
  readonly edges: Tensor1D;
  /** From 0 to 1, `[1, feature]`; where features are not explained there is none. */
  readonly features?: Tensor2D;
}

/** Options for {@link gnnExplainer}. */
export interface GnnExplainerOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Random generator for the first masks. */
  readonly rng: Rng;
  /** How many features to explain too. Default: 0, edges only. */
  readonly features?: number;
  /** How many nodes the graph has: the more, the nearer the first masks are to one half. Default: 2. */
  readonly nodes?: number;
  /** Default: 100. */
  readonly epochs?: number;
  /** Default: 0.01. */
  readonly learningRate?: number;
  /** How much each edge costs. Default: 0.005. */
  readonly edgeSize?: number;
  /** How much it costs that a mask of edges is neither 0 nor 1. Default: 1. */
  readonly edgeEntropy?: number;
  /** How much the mean mask of features costs. Default: 1. */
  readonly featureSize?: number;
  /** Default: 0.1. */
  readonly featureEntropy?: number;
}

/**
 * Learns which edges, and features, suffice for the prediction: masks `σ(m)` that maximize its log-probability, minus a price for every edge and for indecision. PyG's `GNNExplainer` with its defaults; an edge
 * without a gradient at first gets 0, as there.
 *
 *     minimize −score(σ(m)) + 0.005 Σ σ(m) + mean entropy of σ(m)
 *
 * Ying et al., 2019. https://arxiv.org/abs/1903.03894
 *
 * @param score from masks to the log-probability of the prediction, one number
 */
export function gnnExplainer(
  score: (masks: ExplainedMasks) => Tensor,
  options: GnnExplainerOptions,
): (edges: number) => Promise<ExplainedMasks> {
  checkArguments("gnnExplainer", { function: { score } });
  checkRng("gnnExplainer", options);
  checkOptions("gnnExplainer", options, [
    "rng",
    "features",
    "nodes",
    "epochs",
    "learningRate",
    "edgeSize",
    "edgeEntropy",
    "featureSize",
    "featureEntropy",
    "signal",
    "onProgress",
  ]);
  const { rng, features = 0, nodes = 2, epochs = 100, learningRate = 0.01, signal, onProgress } = options;
  const { edgeSize = 0.005, edgeEntropy = 1, featureSize = 1, featureEntropy = 0.1 } = options;
  checkCount("gnnExplainer", "epochs", epochs);
  checkCount("gnnExplainer", "nodes", nodes);
  checkCount("gnnExplainer", "features", features, 0);
  checkPositive("gnnExplainer", { learningRate });
  checkNotNegative("gnnExplainer", { edgeSize, edgeEntropy, featureSize, featureEntropy });
  return async (edges) => {
    checkCount("gnnExplainer", "edges", edges);
    const learned: Record<string, Parameter> = {
      ...(features > 0 && { features: parameter(rng.normal([1, features], 0, 0.1)) }),
      edges: parameter(rng.normal([edges], 0, Math.SQRT2 * Math.sqrt(2 / (2 * nodes)))),
    };
    const optimizer = new Optimizer(adam({ learningRate }), learned);
    const masks = (): ExplainedMasks => ({
      edges: sigmoid(learned["edges"] as Tensor as Tensor1D),
      ...(features > 0 && { features: sigmoid(learned["features"] as Tensor as Tensor2D) }),
    });
    let used: { edges: Float32Array; features: Float32Array | null } | null = null;
    try {
      for (let epoch = 0; epoch < epochs; epoch++) {
        signal?.throwIfAborted();
        const first = tidy(() => {
          const { gradients } = valueAndGradients(learned, () => {
            const { edges: e, features: f } = masks();
            const cost = add(
              neg(reshape(score(masks()), [])),
              add(mul(sum(e), edgeSize), mul(mean(binaryEntropy(e, EPS)), edgeEntropy)),
            );
            return f === undefined
              ? cost
              : add(cost, add(mul(mean(f), featureSize), mul(mean(binaryEntropy(f, EPS)), featureEntropy)));
          });
          optimizer.step(gradients);
          return epoch > 0 ? [] : usedBy(score, masks());
        });
        if (epoch === 0) {
          const [ofEdges, ofFeatures] = await Promise.all(
            first.map((each) => each.data() as Promise<Float32Array>),
          );
          used = { edges: ofEdges ?? new Float32Array(edges), features: ofFeatures ?? null };
          for (const each of first) each.dispose();
        }
        onProgress?.(epoch + 1, epochs);
        await yieldToEventLoop();
      }
      return tidyMasks(masks, used);
    } finally {
      optimizer.dispose();
      for (const each of Object.values(learned)) each.dispose();
    }
  };
}

/** The gradients of the score alone: where they are 0, an edge or a feature is not used. */
function usedBy(score: (masks: ExplainedMasks) => Tensor, { edges, features }: ExplainedMasks): Tensor[] {
  if (features === undefined) return [gradient((e: Tensor1D) => score({ edges: e }))(edges)];
  const both = gradient((masks: { readonly edges: Tensor1D; readonly features: Tensor2D }) => score(masks))({
    edges,
    features,
  });
  return [both.edges, both.features];
}

function tidyMasks(
  masks: () => ExplainedMasks,
  used: { edges: Float32Array; features: Float32Array | null } | null,
): ExplainedMasks {
  const keep = <T extends Tensor>(mask: T, by: Float32Array | null | undefined): T =>
    (by === null || by === undefined
      ? mask
      : mul(
          mask,
          tensor(
            by.map((g) => Number(g !== 0)),
            mask.shape,
          ),
        )) as T;
  return tidyLeaves(() => {
    const { edges, features } = masks();
    return {
      edges: keep(edges, used?.edges),
      ...(features !== undefined && { features: keep(features, used?.features) }),
    };
  });
}
