import {
  checkArguments,
  checkChoice,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  matMul,
  max,
  Module,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  equal,
  expandDims,
  notEqual,
  type Tensor,
  type Tensor3D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { redraw } from "../redraw.ts";
import { adjacencyOf, type DenseInput, masked } from "./dense-input.ts";
import { meanOfNeighbors } from "./mean-of-neighbors.ts";

/** Options for {@link DenseGraphConv}. */
export interface DenseGraphConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How messages become one. Default: `"add"`. */
  readonly aggr?: "add" | "mean" | "max";
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * A `GraphConv` of dense adjacency matrices: `xᵢ W_root + Σ aᵢⱼ xⱼ W_rel + b`.
 *
 * As in PyG, `"max"` takes the largest over the nodes `j` whose `aⱼᵢ` is not 0, by columns, where sums and means go by rows: transpose `adj` if it is not symmetric.
 *
 * Morris et al., 2019. Weisfeiler and Leman go neural. https://arxiv.org/abs/1810.02244
 */
export class DenseGraphConv extends Module implements Layer<DenseInput, Tensor3D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly aggr: "add" | "mean" | "max";
  readonly linRel: Linear;
  readonly linRoot: Linear;

  constructor(inChannels: number, outChannels: number, options: DenseGraphConvOptions) {
    super();
    checkRng("DenseGraphConv", options);
    checkOptions("DenseGraphConv", options, ["rng", "aggr", "bias"]);
    checkSizes("DenseGraphConv", { inChannels, outChannels });
    const { rng, aggr = "add", bias = true } = options;
    checkChoice("DenseGraphConv", "aggr", aggr, ["add", "mean", "max"]);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.aggr = aggr;
    this.linRel = new Linear(inChannels, outChannels, { rng, bias });
    this.linRoot = new Linear(inChannels, outChannels, { rng, bias: false });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.linRel, rng);
    redraw(this.linRoot, rng);
  }

  /** @returns `[graph, node, out]` */
  forward(graphs: DenseInput): Tensor3D {
    checkArguments("DenseGraphConv", { "{ x, adj }": { graphs } });
    const { linRel, linRoot, inChannels } = this;
    return tidy(() => {
      const adj = adjacencyOf("DenseGraphConv", graphs, inChannels);
      const received = this.#aggregate(adj, graphs.x); // [graph, node, feature]
      return masked(add(linRel.forward(received), linRoot.forward(graphs.x)), graphs.mask);
    });
  }

  #aggregate(adj: Tensor3D, x: Tensor3D): Tensor3D {
    if (this.aggr === "add") return matMul(adj, x);
    return this.aggr === "mean" ? meanOfNeighbors(adj, x) : largestOfNeighbors(adj, x);
  }
}

/** The largest of each feature over the nodes that send, and 0 where none does. */
function largestOfNeighbors(adj: Tensor3D, x: Tensor3D): Tensor3D {
  if (x.size === 0) return x;
  const isEdge = expandDims(notEqual(adj, 0), 3); //                    [graph, source, target, 1]
  const sent = add<Tensor>(expandDims(x, 2), zerosLike(expandDims(adj, 3))); // [graph, source, target, feature]
  const { values } = max<Tensor3D>(where(isEdge, sent, -Infinity), 1); // [graph, target, feature]
  return where(equal(values, -Infinity), 0, values);
}
