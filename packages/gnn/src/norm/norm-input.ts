import { checkShape, type Layer, Module } from "@pellucid/core-train";
import { type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { groupCount, groupsOf } from "../propagate/groups.ts";

/** What norms of graphs take: features, and which graph each node belongs to. */
export interface NormInput {
  /** `[node, feature]` */
  readonly x: Tensor2D;
  /** The graph of each node, int32 `[node]`. Default: all belong to one. */
  readonly batch?: Tensor1D | undefined;
  /** How many graphs there are. Default: one more than the last of `batch`. */
  readonly numGraphs?: number | undefined;
}

/** Graphs of nodes: `groups` leads from nodes to graphs. */
export interface Graphs {
  readonly groups: EdgeList;
  readonly size: number;
}

/** A norm whose statistics are those of each graph. */
export abstract class GraphwiseNorm extends Module implements Layer<NormInput, Tensor2D> {
  /** @returns the shape of `x` */
  forward({ x, batch, numGraphs }: NormInput): Tensor2D {
    const caller = this.constructor.name;
    checkShape(caller, "x", x, ["node", this.features ?? "feature"]);
    if (batch === undefined) return tidy(() => this.normalize(x, null));
    const size = numGraphs ?? groupCount(caller, batch);
    const groups = groupsOf(caller, batch, x.shape[0], size);
    return tidy(() => this.normalize(x, { groups, size }));
  }

  /** How many features it takes; null for any. */
  protected abstract readonly features: number | null;

  /** @param graphs null where all nodes belong to one */
  protected abstract normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D;
}
