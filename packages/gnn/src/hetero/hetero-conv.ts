import {
  checkChoice,
  checkOptions,
  type HasTorchLayout,
  type Layer,
  max,
  min,
  Module,
  OptionError,
  tidyLeaves,
  type TorchLayout,
} from "@pellucid/core-train";
import { concat, mean, stack, sum, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Edges } from "../graph/graph.ts";
import { checkHeteroGraph, edgesOfRelation, type HeteroGraph } from "./hetero-graph.ts";
import { relationParts } from "./relation-name.ts";

/** Edges of one relation with the features of their sources and targets. */
export interface RelationGraph extends Edges {
  /** `[node, feature]` within one type, or those of the sources and those of the targets. */
  readonly x: Tensor2D | readonly [source: Tensor2D, target: Tensor2D];
}

/** A convolution that takes edges between two types of nodes. */
export type RelationConv = Module & Layer<RelationGraph, Tensor>;

/** Options for {@link HeteroConv}. */
export interface HeteroConvOptions {
  /** How the results of several relations with the same targets become one; null stacks them as `[node, relation, feature]`. Default: `"sum"`. */
  readonly aggr?: "sum" | "mean" | "min" | "max" | "cat" | null;
}

/**
 * A convolution for each relation of a typed graph: each computes features for the type of its targets, and those of one type are added up. PyG's `HeteroConv`.
 *
 * A relation without edges still gives what its convolution makes of no messages; for one that the graph does not have nothing is computed, and a type that no relation reaches is not in the
 * result.
 */
export class HeteroConv extends Module implements Layer<HeteroGraph, Record<string, Tensor>>, HasTorchLayout {
  /** By relation. */
  readonly convs: Readonly<Record<string, RelationConv>>;
  readonly aggr: HeteroConvOptions["aggr"];

  constructor(convs: Readonly<Record<string, RelationConv>>, options: HeteroConvOptions = {}) {
    super();
    checkOptions("HeteroConv", options, ["aggr"]);
    const { aggr = "sum" } = options;
    checkChoice("HeteroConv", "aggr", aggr, ["sum", "mean", "min", "max", "cat", null]);
    const entries = Object.entries(convs ?? {});
    if (entries.length === 0)
      throw new OptionError("HeteroConv", "convs", "empty", "a convolution for each relation");
    for (const [name] of entries) relationParts("HeteroConv", name);
    this.convs = Object.fromEntries(entries.map(([name, conv]) => [name, conv]));
    this.aggr = aggr;
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(
      Object.keys(this.convs).map((name) => [
        `convs.${name}`,
        { name: `convs.<${name.replaceAll("__", "___")}>` },
      ]),
    );
  }

  /** @returns the features by type, `[node, …]` */
  forward(graph: HeteroGraph): Record<string, Tensor> {
    checkHeteroGraph("HeteroConv", graph);
    return tidyLeaves(() => {
      const found = new Map<string, Tensor[]>();
      for (const [name, conv] of Object.entries(this.convs)) {
        const [source, , target] = relationParts("HeteroConv", name);
        if (graph.edgeIndex[name] === undefined) continue;
        const edges = edgesOfRelation(graph, name);
        const [from, to] = [graph.x[source] as Tensor2D, graph.x[target] as Tensor2D];
        const out = conv.forward({ ...edges, x: source === target ? from : [from, to] });
        found.set(target, [...(found.get(target) ?? []), out]);
      }
      return Object.fromEntries([...found].map(([type, outs]) => [type, joined(outs, this.aggr)]));
    });
  }
}

/** Results of several relations as one; of one relation it stays as it is, unless stacked. */
function joined(outs: readonly Tensor[], aggr: HeteroConvOptions["aggr"]): Tensor {
  if (aggr === null || aggr === undefined) return stack([...outs], 1);
  if (outs.length === 1) return outs[0] as Tensor;
  if (aggr === "cat") return concat([...outs], -1);
  const all = stack([...outs]); // [relation, node, feature]
  if (aggr === "max" || aggr === "min") return (aggr === "max" ? max : min)(all, 0).values;
  return (aggr === "sum" ? sum : mean)(all, 0);
}
