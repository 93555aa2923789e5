import {
  type Buffer,
  checkArguments,
  checkOptions,
  checkRng,
  type Layer,
  matMul,
  Module,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { add, mul, type Rank, reshape, type Tensor, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { RowNetwork } from "../aggr/attentional-aggregation.ts";
import { epsOf, networkOf } from "../conv/gin-conv.ts";
import { redraw } from "../redraw.ts";
import { adjacencyOf, type DenseInput, masked } from "./dense-input.ts";

/** Options for {@link DenseGINConv}. */
export interface DenseGINConvOptions {
  /** Random generator for initialization: as PyG's, the layer draws the weights of `nn` anew. */
  readonly rng: Rng;
  /** How much more than a neighbor a node itself counts. Default: 0. */
  readonly eps?: number;
  /** Whether `eps` is learned. Default: false. */
  readonly trainEps?: boolean;
  /** Whether a node itself counts; PyG gives it to each call. Default: true. */
  readonly addLoop?: boolean;
}

/**
 * A `GINConv` of dense adjacency matrices: `nn((1 + ε) xᵢ + Σ aᵢⱼ xⱼ)`. `nn` gets the rows of all graphs, `[graph · node, feature]`.
 *
 * Xu et al., 2019. How powerful are graph neural networks? eq. 4.1. https://arxiv.org/abs/1810.00826
 */
export class DenseGINConv extends Module implements Layer<DenseInput, Tensor3D> {
  readonly addLoop: boolean;
  /** `[1]` */
  readonly eps: Parameter<Rank.R1> | Buffer<Rank.R1>;
  readonly nn: RowNetwork;

  /** @param nn maps `[row, feature]` to `[row, out]` */
  constructor(nn: RowNetwork, options: DenseGINConvOptions) {
    super();
    checkRng("DenseGINConv", options);
    checkOptions("DenseGINConv", options, ["rng", "eps", "trainEps", "addLoop"]);
    this.nn = networkOf("DenseGINConv", nn);
    this.eps = epsOf("DenseGINConv", options);
    this.addLoop = options.addLoop ?? true;
    this.resetParameters(options.rng);
  }

  /** Draws the weights of `nn` anew. */
  resetParameters(rng: Rng): void {
    redraw(this.nn, rng);
  }

  /** @returns `[graph, node, out]` */
  forward(graphs: DenseInput): Tensor3D {
    checkArguments("DenseGINConv", { "{ x, adj }": { graphs } });
    return tidy(() => {
      const { x, mask } = graphs;
      const sums = matMul<Tensor3D>(adjacencyOf("DenseGINConv", graphs, "feature"), x); // [graph, node, feature]
      const all: Tensor3D = this.addLoop ? add(sums, mul(x, add(this.eps, 1))) : sums;
      const [count, nodes, features] = x.shape;
      const rows = this.nn.forward(reshape(all, [count * nodes, features]) as never) as Tensor; // [graph · node, out]
      const out = rows.shape.at(-1) ?? 0;
      return masked(reshape(rows, [count, nodes, out]), mask);
    });
  }
}
