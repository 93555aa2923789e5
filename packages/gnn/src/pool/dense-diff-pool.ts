import { checkArguments, checkOptions, checkShape, matMul, norm, softmax } from "@pellucid/core-train";
import {
  add,
  div,
  log,
  mean,
  mul,
  neg,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor2D,
  type Tensor3D,
  transpose,
} from "@tensorflow/tfjs-core";
import { tidyLeaves } from "@pellucid/core-train";

/** Graphs as dense tensors, and how each node is assigned to clusters. */
export interface DenseAssignment {
  /** `[graph, node, feature]` */
  readonly x: Tensor3D;
  /** `[graph, node, node]` */
  readonly adj: Tensor3D;
  /** Logits, `[graph, node, cluster]`. */
  readonly s: Tensor3D;
  /** 1 where there is a node, otherwise 0: `[graph, node]`. Default: all are nodes. */
  readonly mask?: Tensor2D | undefined;
}

/** Graphs of clusters, and the losses that keep assignments meaningful. */
export interface DiffPooled {
  /** `[graph, cluster, feature]` */
  readonly x: Tensor3D;
  /** `[graph, cluster, cluster]` */
  readonly adj: Tensor3D;
  /** How far `S Sᵀ` is from the adjacency matrix. */
  readonly linkLoss: Scalar;
  /** The mean entropy of the assignments. */
  readonly entropyLoss: Scalar;
}

/** Options for {@link denseDiffPool}. */
export interface DiffPoolOptions {
  /** Whether to divide the link loss by the number of entries of `adj`. Default: true. */
  readonly normalize?: boolean;
}

/**
 * Pools nodes into clusters by soft assignments `S = softmax(s)`: `X′ = Sᵀ X`, `A′ = Sᵀ A S`. PyG's `dense_diff_pool`.
 *
 * The link loss is one Frobenius norm over the whole batch, and the entropy a mean over all rows, padded ones included, as in PyG.
 *
 * Ying et al., 2018. https://arxiv.org/abs/1806.08804
 */
export function denseDiffPool(graphs: DenseAssignment, options: DiffPoolOptions = {}): DiffPooled {
  checkArguments("denseDiffPool", { "{ x, adj, s }": { graphs } });
  checkOptions("denseDiffPool", options, ["normalize"]);
  const { x, adj, s, mask } = graphs;
  const { normalize = true } = options;
  checkShape("denseDiffPool", "x", x, ["graph", "node", "feature"]);
  const [count, nodes] = x.shape;
  checkShape("denseDiffPool", "adj", adj, [count, nodes, nodes]);
  checkShape("denseDiffPool", "s", s, [count, nodes, "cluster"]);
  if (mask !== undefined) checkShape("denseDiffPool", "mask", mask, [count, nodes]);
  return tidyLeaves(() => {
    const masked = <T extends Tensor3D>(of: T): T =>
      mask === undefined ? of : (mul(of, reshape(mask, [count, nodes, 1])) as T);
    const assigned = masked(softmax(s)); //                                          [graph, node, cluster]
    const back = transpose(assigned, [0, 2, 1]); //                                  [graph, cluster, node]
    const distance = norm(sub(adj, matMul(assigned, transpose(assigned, [0, 2, 1]))));
    return {
      x: matMul(back, masked(x)) as Tensor3D, //                                     [graph, cluster, feature]
      adj: matMul(matMul(back, adj), assigned) as Tensor3D, //                       [graph, cluster, cluster]
      linkLoss: (normalize ? div(distance, adj.size) : distance) as Scalar,
      entropyLoss: mean(neg(sum(mul(assigned, log(add(assigned, 1e-15))), -1))) as Scalar,
    };
  });
}
