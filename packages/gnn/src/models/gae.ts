import {
  checkArguments,
  checkOptions,
  checkRng,
  checkShape,
  clamp,
  gaussianKl,
  isTraining,
  type Layer,
  Module,
  reparameterize,
  type Rng,
  sigmoid,
} from "@pellucid/core-train";
import {
  add,
  clone,
  log,
  mean,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import type { ConvGraph } from "../conv/message-passing.ts";
import { edgeDot } from "../propagate/edge-dot.ts";
import { redraw } from "../redraw.ts";
import { checkEdges } from "../graph/check-graph.ts";

const EPS = 1e-15;
const MAX_LOG_STD = 10;

/**
 * The probability that two nodes are joined: `σ(zᵢ · zⱼ)` for each edge.
 *
 * @param z `[node, feature]`
 * @param edgeIndex int32 `[2, edge]`
 * @returns `[edge]`
 */
export function innerProductDecoder(z: Tensor2D, edgeIndex: Tensor2D): Tensor1D {
  checkShape("innerProductDecoder", "z", z, ["node", "feature"]);
  const edges = checkEdges("innerProductDecoder", { edgeIndex }, z.shape[0]);
  return tidy(() => sigmoid(sum<Tensor1D>(edgeDot(z, z, edges), 1)));
}

/** Options for {@link Gae} and {@link Vgae}. */
export interface GaeOptions {
  /** Random generator: as PyG's, the model draws the weights of the encoder anew. */
  readonly rng: Rng;
}

/** An encoder of nodes, such as a {@link Gcn}. */
export type NodeEncoder<Out> = Module & Layer<never, Out>;

/**
 * A graph auto-encoder: an encoder puts nodes where `σ(zᵢ · zⱼ)` is high for edges and low for others.
 *
 * Kipf and Welling, 2016. Variational graph auto-encoders. https://arxiv.org/abs/1611.07308
 */
export class Gae extends Module implements Layer<ConvGraph, Tensor2D> {
  readonly encoder: NodeEncoder<Tensor2D>;

  constructor(encoder: NodeEncoder<Tensor2D>, options: GaeOptions) {
    super();
    checkArguments("Gae", { module: { encoder } });
    checkRng("Gae", options);
    checkOptions("Gae", options, ["rng"]);
    this.encoder = encoder;
    redraw(encoder, options.rng);
  }

  /** @returns `z`, `[node, feature]` */
  forward(graph: ConvGraph): Tensor2D {
    return this.encoder.forward(graph as never);
  }

  /** The loss of {@link reconstructionLoss}. */
  reconLoss(z: Tensor2D, positive: Tensor2D, negative: Tensor2D): Scalar {
    return reconstructionLoss(z, positive, negative);
  }
}

/**
 * The cross-entropy of edges that are there and edges that are not: `-mean log σ(zᵢ · zⱼ) - mean log(1 - σ(zᵢ · zⱼ))`.
 *
 * @param positive int32 `[2, edge]`
 * @param negative int32 `[2, edge]`, pairs without an edge
 */
export function reconstructionLoss(z: Tensor2D, positive: Tensor2D, negative: Tensor2D): Scalar {
  checkShape("reconstructionLoss", "z", z, ["node", "feature"]);
  return tidy(() => {
    const there = mean<Scalar>(log(add(innerProductDecoder(z, positive), EPS)));
    const away = mean<Scalar>(log(add(sub(1, innerProductDecoder(z, negative)), EPS)));
    return neg(add(there, away));
  });
}

/** The distribution of each node: `[node, feature]` each. */
export interface NodeGaussian {
  readonly mu: Tensor2D;
  /** The logarithm of the standard deviation. */
  readonly logstd: Tensor2D;
}

/**
 * A variational graph auto-encoder: the encoder gives a normal distribution for each node, of which training draws.
 *
 * Kipf and Welling, 2016. https://arxiv.org/abs/1611.07308
 */
export class Vgae extends Module implements Layer<ConvGraph, NodeGaussian & { readonly z: Tensor2D }> {
  readonly encoder: NodeEncoder<NodeGaussian>;
  readonly rng: Rng;

  constructor(encoder: NodeEncoder<NodeGaussian>, options: GaeOptions) {
    super();
    checkArguments("Vgae", { module: { encoder } });
    checkRng("Vgae", options);
    checkOptions("Vgae", options, ["rng"]);
    this.encoder = encoder;
    this.rng = options.rng;
    redraw(encoder, options.rng);
  }

  /** @returns the distributions, with `logstd` at most 10, and `z`: drawn in training, the mean in inference */
  forward(graph: ConvGraph): NodeGaussian & { readonly z: Tensor2D } {
    const { mu, logstd: wide } = this.encoder.forward(graph as never);
    const logstd = clamp(wide, -Infinity, MAX_LOG_STD);
    wide.dispose();
    const z = tidy(() =>
      isTraining(this) ? reparameterize(gaussianOf({ mu, logstd }), { rng: this.rng }) : clone(mu),
    ) as Tensor2D;
    return { mu, logstd, z };
  }

  /** `-½ mean over nodes of Σ (1 + 2 log σ - μ² - σ²)`: how far the distributions are from the standard normal one. */
  klLoss(distributions: NodeGaussian): Scalar {
    return tidy(() => mean<Scalar>(sum(gaussianKl(gaussianOf(distributions)), 1)));
  }

  /** The loss of {@link reconstructionLoss}. */
  reconLoss(z: Tensor2D, positive: Tensor2D, negative: Tensor2D): Scalar {
    return reconstructionLoss(z, positive, negative);
  }
}

/** The core's form, by the logarithm of the variance. */
const gaussianOf = ({ mu, logstd }: NodeGaussian) => ({ mean: mu, logVariance: mul(logstd, 2) });
