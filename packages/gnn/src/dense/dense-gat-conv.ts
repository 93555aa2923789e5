import {
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  dropout,
  initialize,
  initialized,
  isTraining,
  type Layer,
  leakyRelu,
  type Linear,
  matMul,
  Module,
  type Parameter,
  type Rng,
  softmax,
} from "@pellucid/core-train";
import {
  add,
  cast,
  expandDims,
  mean,
  mul,
  notEqual,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
  where,
} from "@tensorflow/tfjs-core";
import { glorotLinear, zeroBias } from "../conv/glorot-linear.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { adjacencyOf, type DenseInput, masked } from "./dense-input.ts";
import { withLoops } from "./with-loops.ts";

/** Options for {@link DenseGATConv}. */
export interface DenseGATConvOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many attentions. Default: 1. */
  readonly heads?: number;
  /** Whether the heads are side by side, or else averaged. Default: true. */
  readonly concat?: boolean;
  /** The factor of negative scores. Default: 0.2. */
  readonly negativeSlope?: number;
  /** Which part of the attention weights is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether each node attends to itself; PyG gives it to each call. Default: true. */
  readonly addLoop?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

const FAR_BELOW = -1e30;

/**
 * A `GATConv` of dense adjacency matrices, whose numbers other than 0 count as 1: `Σ αᵢⱼ W xⱼ + b` with `αᵢⱼ = softmax over j of LeakyReLU(a_s · W xⱼ + a_d · W xᵢ)`,
 * for each head. A node that receives nothing gets `b`; PyG gives NaN.
 *
 * Veličković et al., 2018. https://arxiv.org/abs/1710.10903
 */
export class DenseGATConv extends Module implements Layer<DenseInput, Tensor3D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly heads: number;
  readonly concat: boolean;
  readonly negativeSlope: number;
  readonly dropout: number;
  readonly addLoop: boolean;
  readonly rng: Rng;
  /** `[1, 1, head, out]` */
  readonly attSrc: Parameter<Rank.R4>;
  /** `[1, 1, head, out]` */
  readonly attDst: Parameter<Rank.R4>;
  /** `[head · out]`, or `[out]` where heads are averaged */
  readonly bias: Parameter<Rank.R1> | null;
  readonly lin: Linear;

  constructor(inChannels: number, outChannels: number, options: DenseGATConvOptions) {
    super();
    checkRng("DenseGATConv", options);
    checkOptions("DenseGATConv", options, [
      "rng",
      "heads",
      "concat",
      "negativeSlope",
      "dropout",
      "addLoop",
      "bias",
    ]);
    const { rng, heads = 1, concat = true, negativeSlope = 0.2, dropout: p = 0 } = options;
    checkSizes("DenseGATConv", { inChannels, outChannels, heads });
    checkProbabilities("DenseGATConv", { dropout: p });
    checkNotNegative("DenseGATConv", { negativeSlope });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.heads = heads;
    this.concat = concat;
    this.negativeSlope = negativeSlope;
    this.dropout = p;
    this.addLoop = options.addLoop ?? true;
    this.rng = rng;
    const all = heads * outChannels;
    this.lin = glorotLinear(inChannels, all, rng);
    const attention = () =>
      initialized<Rank.R4>([1, 1, heads, outChannels], (shape) => ({ data: new Float32Array(all), shape }));
    this.attSrc = attention();
    this.attDst = attention();
    this.bias = zeroBias(concat ? all : outChannels, options.bias ?? true);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redrawLinear(this.lin, rng, glorot);
    initialize<DenseGATConv>(this, "attSrc", glorot, rng);
    initialize<DenseGATConv>(this, "attDst", glorot, rng);
  }

  /** @returns `[graph, node, head · out]`, or `[graph, node, out]` where heads are averaged */
  forward(graphs: DenseInput): Tensor3D {
    checkArguments("DenseGATConv", { "{ x, adj }": { graphs } });
    const { lin, heads, outChannels, bias, inChannels } = this;
    return tidy(() => {
      const given = adjacencyOf("DenseGATConv", graphs, inChannels);
      const adj = this.addLoop ? withLoops(given, 1) : given;
      const [count, nodes] = graphs.x.shape;
      const sent = reshape<Rank.R4>(lin.forward(graphs.x), [count, nodes, heads, outChannels]);
      const weights = this.#weights(sent, adj); //                                     [graph, head, target, source]
      const sums = matMul<Tensor4D>(weights, transpose(sent, [0, 2, 1, 3])); //        [graph, head, target, out]
      const perNode = transpose(sums, [0, 2, 1, 3]); //                                [graph, target, head, out]
      const y: Tensor3D = this.concat
        ? reshape(perNode, [count, nodes, heads * outChannels])
        : mean(perNode, 2);
      return masked(bias === null ? y : add(y, bias), graphs.mask);
    });
  }

  #weights(sent: Tensor4D, adj: Tensor3D): Tensor4D {
    const [count, nodes] = adj.shape;
    const score = (attention: Tensor4D) => transpose(sum<Tensor3D>(mul(sent, attention), 3), [0, 2, 1]);
    const asked = expandDims(score(this.attDst), 3); //                                [graph, head, target, 1]
    const scores = add<Tensor>(asked, expandDims(score(this.attSrc), 2)); //           [graph, head, target, source]
    const isEdge = expandDims(notEqual(adj, 0), 1); //                                 [graph, 1, target, source]
    const near = where(isEdge, leakyRelu(scores, { negativeSlope: this.negativeSlope }), FAR_BELOW);
    const weights = mul<Tensor4D>(softmax(near), cast(isEdge, "float32"));
    if (!isTraining(this) || this.dropout === 0) return weights;
    const rows = reshape<Rank.R2>(transpose(weights, [0, 2, 3, 1]), [-1, this.heads]); // [graph · target · source, head]
    const dropped = dropout(rows, this.dropout, this);
    return transpose(reshape<Rank.R4>(dropped, [count, nodes, nodes, this.heads]), [0, 3, 1, 2]);
  }
}
