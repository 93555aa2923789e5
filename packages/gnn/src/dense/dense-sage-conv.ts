import {
  checkArguments,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  Module,
  normalizeVectors,
  type Rng,
} from "@pellucid/core-train";
import { add, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { redraw } from "../redraw.ts";
import { adjacencyOf, type DenseInput, masked } from "./dense-input.ts";
import { meanOfNeighbors } from "./mean-of-neighbors.ts";

/** Options for {@link DenseSAGEConv}. */
export interface DenseSAGEConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether each row of the result is scaled to length 1. Default: false. */
  readonly normalize?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * A `SAGEConv` of dense adjacency matrices of zeros and ones: `mean(xⱼ) W_rel + xᵢ W_root + b`. Its weights have other names than those of `SAGEConv`, as in PyG.
 *
 * Hamilton et al., 2017. Inductive representation learning on large graphs. https://arxiv.org/abs/1706.02216
 */
export class DenseSAGEConv extends Module implements Layer<DenseInput, Tensor3D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly normalize: boolean;
  readonly linRel: Linear;
  readonly linRoot: Linear;

  constructor(inChannels: number, outChannels: number, options: DenseSAGEConvOptions) {
    super();
    checkRng("DenseSAGEConv", options);
    checkOptions("DenseSAGEConv", options, ["rng", "normalize", "bias"]);
    checkSizes("DenseSAGEConv", { inChannels, outChannels });
    const { rng, normalize = false, bias = true } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.normalize = normalize;
    this.linRel = new Linear(inChannels, outChannels, { rng, bias: false });
    this.linRoot = new Linear(inChannels, outChannels, { rng, bias });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.linRel, rng);
    redraw(this.linRoot, rng);
  }

  /** @returns `[graph, node, out]` */
  forward(graphs: DenseInput): Tensor3D {
    checkArguments("DenseSAGEConv", { "{ x, adj }": { graphs } });
    const { linRel, linRoot, inChannels } = this;
    return tidy(() => {
      const adj = adjacencyOf("DenseSAGEConv", graphs, inChannels);
      const received = linRel.forward(meanOfNeighbors(adj, graphs.x)); // [graph, node, out]
      const y: Tensor3D = add(received, linRoot.forward(graphs.x));
      return masked(this.normalize ? normalizeVectors(y) : y, graphs.mask);
    });
  }
}
