import {
  checkFinite,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  type Linear,
  type Rng,
} from "@pellucid/core-train";
import { add, tensor2d, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { withLoops, withoutLoops } from "../graph/self-loops.ts";
import { messageGroups } from "../propagate/groups.ts";
import { countsOf } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { glorotLinear } from "./glorot-linear.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link ClusterGCNConv}. */
export interface ClusterGCNConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much more a node's own features count: `λ`. Default: 0. */
  readonly diagLambda?: number;
  /** Whether each node has one self-loop, in place of those that are there. Default: true. */
  readonly addSelfLoops?: boolean;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/**
 * The convolution of Cluster-GCN: `(Â + λ · diag(Â)) X W₁ + b + X W₂`, where `Â = (D + I)⁻¹ (A + I)` takes means over neighbors and the node itself. Weights of edges do not count.
 *
 * Chiang et al., 2019, section 3.3. https://arxiv.org/abs/1905.07953
 *
 * Without `addSelfLoops`, PyG 2.8 fails unless each node has one loop; here each loop of the graph counts.
 */
export class ClusterGCNConv extends MessagePassing implements Layer<ConvGraph, Tensor2D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly diagLambda: number;
  readonly addSelfLoops: boolean;
  readonly linOut: Linear;
  readonly linRoot: Linear;

  constructor(inChannels: number, outChannels: number, options: ClusterGCNConvOptions) {
    super();
    checkRng("ClusterGCNConv", options);
    checkOptions("ClusterGCNConv", options, ["rng", "diagLambda", "addSelfLoops", "bias"]);
    const { rng, diagLambda = 0, addSelfLoops = true, bias = true } = options;
    checkSizes("ClusterGCNConv", { inChannels, outChannels });
    checkFinite("ClusterGCNConv", { diagLambda });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.diagLambda = diagLambda;
    this.addSelfLoops = addSelfLoops;
    this.linOut = glorotLinear(inChannels, outChannels, rng, bias);
    this.linRoot = glorotLinear(inChannels, outChannels, rng);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of [this.linOut, this.linRoot]) redrawLinear(lin, rng, glorot);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, diagLambda, addSelfLoops } = this;
    const caller = `ClusterGCNConv(${inChannels}, ${outChannels})`;
    const { source, edges: given, size } = endsOf(caller, graph, inChannels);
    const edges = addSelfLoops ? oneLoopEach(given, size) : given;
    return tidy(() => {
      const shares = tensor2d(sharesOf(edges, size, diagLambda), [edges.length, 1]);
      const sums = sendSum(source, shares, edges, size, this.messages); // [node, in]
      return add(this.linOut.forward(sums), this.linRoot.forward(source));
    });
  }
}

const oneLoopEach = (edges: EdgeList, nodes: number): EdgeList =>
  edges.derive(`oneLoopEach ${nodes}`, () => withLoops(withoutLoops(edges).list, nodes));

/** One over the edges of the target, and `λ` times that more for a loop. */
function sharesOf(edges: EdgeList, nodes: number, lambda: number): Float32Array {
  return edges.derive(`clusterGcn ${nodes} ${lambda}`, () => {
    const counts = countsOf(messageGroups(edges), nodes);
    return Float32Array.from(
      edges.target,
      (i, e) => (edges.source[e] === i ? 1 + lambda : 1) / Math.max(1, counts[i] ?? NaN),
    );
  });
}
