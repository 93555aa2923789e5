import {
  type Buffer,
  checkOptions,
  checkRng,
  checkSizes,
  Embedding,
  init,
  initialize,
  type Layer,
  Module,
  norm,
  logSigmoid,
  type Rng,
  ShapeError,
  stateBuffer,
} from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  neg,
  type Rank,
  type Scalar,
  slice,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { LGConv } from "../conv/lg-conv.ts";
import { checkEdges } from "../graph/check-graph.ts";
import type { Edges } from "../graph/graph.ts";
import { edgeDot } from "../propagate/edge-dot.ts";

/** Options for {@link LightGcn}. */
export interface LightGcnOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much each layer counts, from the embedding on. Default: all alike, 1 together. */
  readonly alpha?: number | readonly number[];
  /** Whether weights are divided by the roots of degrees. Default: true. */
  readonly normalize?: boolean;
}

/** What {@link LightGcn} takes. */
export interface LightGcnInput extends Edges {
  /** The pairs to score, int32 `[2, pair]`. Default: the edges. */
  readonly edgeLabelIndex?: Tensor2D | undefined;
}

/**
 * Recommends by embeddings that are averaged along the edges between users and items: `z = Σ αₗ Aˡ E`, and the score of a pair is `zᵢ · zⱼ`.
 *
 * He et al., 2020. LightGCN. https://arxiv.org/abs/2002.02126
 */
export class LightGcn extends Module implements Layer<LightGcnInput, Tensor1D> {
  readonly numNodes: number;
  readonly embeddingDim: number;
  /** `[layer + 1]` */
  readonly alpha: Buffer<Rank.R1>;
  readonly embedding: Embedding;
  readonly convs: readonly LGConv[];

  constructor(numNodes: number, embeddingDim: number, numLayers: number, options: LightGcnOptions) {
    super();
    checkRng("LightGcn", options);
    checkOptions("LightGcn", options, ["rng", "alpha", "normalize"]);
    checkSizes("LightGcn", { numNodes, embeddingDim, numLayers });
    const { rng, alpha = 1 / (numLayers + 1), normalize = true } = options;
    const shares = typeof alpha === "number" ? new Array<number>(numLayers + 1).fill(alpha) : alpha;
    if (shares.length !== numLayers + 1)
      throw new ShapeError(
        `LightGcn: alpha has ${shares.length} numbers, expected ${numLayers + 1}, one more than layers.`,
      );
    this.numNodes = numNodes;
    this.embeddingDim = embeddingDim;
    this.embedding = new Embedding(numNodes, embeddingDim, { rng });
    this.alpha = stateBuffer<Rank.R1>({ data: Float32Array.from(shares), shape: [shares.length] });
    this.convs = Array.from({ length: numLayers }, () => new LGConv({ normalize }));
    this.resetParameters(rng);
  }

  /** Draws the embedding anew. */
  resetParameters(rng: Rng): void {
    initialize(this.embedding, "weight", init.xavierUniform(), rng);
  }

  /** Where nodes are after all layers: `[node, feature]`. */
  getEmbedding({ edgeIndex, edgeWeight }: Edges): Tensor2D {
    const share = (layer: number) => slice(this.alpha, [layer], [1]);
    return tidy(() => {
      let x: Tensor2D = this.embedding.weight;
      let total = mul(x, share(0));
      for (const [i, conv] of this.convs.entries()) {
        x = conv.forward({ x, edgeIndex, edgeWeight });
        total = add(total, mul(x, share(i + 1)));
      }
      return total as Tensor2D;
    });
  }

  /** @returns a score for each pair, `[pair]` */
  forward(graph: LightGcnInput): Tensor1D {
    const pairs = checkEdges(
      "LightGcn",
      { edgeIndex: graph.edgeLabelIndex ?? graph.edgeIndex },
      this.numNodes,
    );
    return tidy(() => {
      const z = this.getEmbedding(graph);
      return sum<Tensor1D>(edgeDot(z, z, pairs), 1);
    });
  }

  /**
   * Bayesian personalized ranking: `-mean log σ(positive - negative) + λ ‖E‖² / pairs`.
   *
   * Rendle et al., 2009. https://arxiv.org/abs/1205.2618
   */
  recommendationLoss(positive: Tensor1D, negative: Tensor1D, lambdaReg = 1e-4): Scalar {
    return tidy(() => {
      const ranked = neg(mean<Scalar>(logSigmoid(sub(positive, negative) as Tensor1D)));
      const size = square(norm<Scalar>(this.embedding.weight));
      return add(ranked, mul(size, lambdaReg / positive.shape[0]));
    });
  }
}
