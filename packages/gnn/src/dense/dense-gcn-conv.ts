import {
  checkArguments,
  checkOptions,
  checkRng,
  checkSizes,
  clamp,
  type Layer,
  type Linear,
  matMul,
  Module,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { add, mul, type Rank, rsqrt, sum, type Tensor3D, tidy, transpose } from "@tensorflow/tfjs-core";
import { glorotLinear, zeroBias } from "../conv/glorot-linear.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { adjacencyOf, type DenseInput, masked } from "./dense-input.ts";
import { withLoops } from "./with-loops.ts";

/** Options for {@link DenseGCNConv}. */
export interface DenseGCNConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether a self-loop weighs 2. Default: false. */
  readonly improved?: boolean;
  /** Whether the diagonal of the adjacency matrix is replaced by self-loops; PyG gives it to each call. Default: true. */
  readonly addLoop?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * A `GCNConv` of dense adjacency matrices: `D^(-1/2) (A + I) D^(-1/2) X W + b`, where a degree below 1 counts as 1. It has a gradient at the matrices too, as
 * clusters of `denseDiffPool` need.
 *
 * Kipf and Welling, 2017, eq. 2. https://arxiv.org/abs/1609.02907
 */
export class DenseGCNConv extends Module implements Layer<DenseInput, Tensor3D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly improved: boolean;
  readonly addLoop: boolean;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly lin: Linear;

  constructor(inChannels: number, outChannels: number, options: DenseGCNConvOptions) {
    super();
    checkRng("DenseGCNConv", options);
    checkOptions("DenseGCNConv", options, ["rng", "improved", "addLoop", "bias"]);
    checkSizes("DenseGCNConv", { inChannels, outChannels });
    const { rng, improved = false, addLoop = true, bias = true } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.improved = improved;
    this.addLoop = addLoop;
    this.lin = glorotLinear(inChannels, outChannels, rng);
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weight anew. */
  resetParameters(rng: Rng): void {
    redrawLinear(this.lin, rng, glorot);
  }

  /** @returns `[graph, node, out]` */
  forward(graphs: DenseInput): Tensor3D {
    checkArguments("DenseGCNConv", { "{ x, adj }": { graphs } });
    const { lin, bias, improved, addLoop, inChannels } = this;
    return tidy(() => {
      const given = adjacencyOf("DenseGCNConv", graphs, inChannels);
      const adj = addLoop ? withLoops(given, improved ? 2 : 1) : given;
      const root = rsqrt(clamp(sum<Tensor3D>(adj, 2, true), 1, Infinity)); //         [graph, node, 1]
      const weights = mul(mul(root, adj), transpose(root, [0, 2, 1])); //             [graph, node, node]
      const y = matMul<Tensor3D>(weights, lin.forward(graphs.x)); //                  [graph, node, out]
      return masked(bias === null ? y : add(y, bias), graphs.mask);
    });
  }
}
