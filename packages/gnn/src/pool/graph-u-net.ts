import {
  checkChoice,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  type Layer,
  Module,
  OptionError,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { add, concat, ones, type Tensor1D, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { GCNConv } from "../conv/gcn-conv.ts";
import { edgeIndexOf } from "../graph/edge-index.ts";
import { edgesOf } from "../graph/edge-list.ts";
import type { Edges, Graph } from "../graph/graph.ts";
import { addSelfLoops, removeSelfLoops } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { redraw } from "../redraw.ts";
import { syncValues } from "./sync-values.ts";
import { sparseMatMul } from "./sparse-mat-mul.ts";
import { TopKPooling } from "./top-k-pooling.ts";

/** Options for {@link GraphUNet}. */
export interface GraphUNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Which share of nodes each pool keeps, or one for each. Default: 0.5. */
  readonly poolRatios?: number | readonly number[];
  /** Whether skip connections are added rather than joined. Default: true. */
  readonly sumRes?: boolean;
  /** Default: {@link relu}. */
  readonly act?: (x: Tensor2D) => Tensor2D;
}

/**
 * A U-Net for graphs: nodes are pooled by {@link TopKPooling} on the way down, and put back where they were on the way up. Before each pool, nodes two edges apart are joined.
 *
 * Gao and Ji, 2019. https://arxiv.org/abs/1905.05178
 */
export class GraphUNet extends Module implements Layer<Graph, Tensor2D> {
  readonly inChannels: number;
  readonly hiddenChannels: number;
  readonly outChannels: number;
  readonly depth: number;
  readonly sumRes: boolean;
  readonly downConvs: readonly GCNConv[];
  readonly pools: readonly TopKPooling[];
  readonly upConvs: readonly GCNConv[];
  readonly #act: (x: Tensor2D) => Tensor2D;

  constructor(
    inChannels: number,
    hiddenChannels: number,
    outChannels: number,
    depth: number,
    options: GraphUNetOptions,
  ) {
    super();
    checkRng("GraphUNet", options);
    checkOptions("GraphUNet", options, ["rng", "poolRatios", "sumRes", "act"]);
    checkSizes("GraphUNet", { inChannels, hiddenChannels, outChannels, depth });
    const { rng, poolRatios = 0.5, sumRes = true, act = relu } = options;
    checkChoice("GraphUNet", "sumRes", sumRes, [true, false]);
    const ratios =
      typeof poolRatios === "number" ? Array<number>(depth).fill(poolRatios) : [...(poolRatios ?? [])];
    if (ratios.length !== depth)
      throw new OptionError(
        "GraphUNet",
        "poolRatios",
        `${ratios.length} numbers`,
        `one, or one for each of ${depth} pools`,
      );
    checkPositive("GraphUNet", Object.fromEntries(ratios.map((ratio, i) => [`poolRatios ${i}`, ratio])));
    this.inChannels = inChannels;
    this.hiddenChannels = hiddenChannels;
    this.outChannels = outChannels;
    this.depth = depth;
    this.sumRes = sumRes;
    this.#act = act;
    const conv = (from: number, to: number) => new GCNConv(from, to, { rng, improved: true });
    const downConvs = [conv(inChannels, hiddenChannels)];
    const pools: TopKPooling[] = [];
    for (const ratio of ratios) {
      pools.push(new TopKPooling(hiddenChannels, { rng, ratio }));
      downConvs.push(conv(hiddenChannels, hiddenChannels));
    }
    const joined = sumRes ? hiddenChannels : 2 * hiddenChannels;
    this.downConvs = downConvs;
    this.pools = pools;
    this.upConvs = ratios.map((_, i) => conv(joined, i < depth - 1 ? hiddenChannels : outChannels));
    for (const part of [...downConvs, ...pools, ...this.upConvs]) redraw(part, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: Graph): Tensor2D {
    const { inChannels, downConvs, pools, upConvs, depth, sumRes } = this;
    checkShape(`GraphUNet(${inChannels})`, "x", graph.x, ["node", inChannels]);
    return tidy(() => {
      const weights = graph.edgeWeight ?? ones<Tensor1D["rankType"]>([graph.edgeIndex.shape[1]]);
      let edges: Edges = { edgeIndex: graph.edgeIndex, edgeWeight: weights };
      let batch = graph.batch;
      let x = this.#act((downConvs[0] as GCNConv).forward({ ...edges, x: graph.x })); // [node, hidden]
      const levels: { readonly x: Tensor2D; readonly edges: Edges; readonly perm: Tensor1D }[] = [];
      for (const [i, pool] of pools.entries()) {
        const above = { x, edges };
        const pooled = pool.forward({
          ...augmented(edges, x.shape[0]),
          x,
          batch,
          numGraphs: graph.numGraphs,
        });
        ({ batch } = pooled);
        edges = { edgeIndex: pooled.edgeIndex, edgeWeight: pooled.edgeWeight };
        x = this.#act((downConvs[i + 1] as GCNConv).forward({ ...edges, x: pooled.x }));
        levels.push({ ...above, perm: pooled.perm });
      }
      for (const [i, level] of levels.toReversed().entries()) {
        const up = putBack(x, level.perm, level.x.shape[0]); // [node, hidden]
        const joined = (sumRes ? add(level.x, up) : concat([level.x, up], 1)) as Tensor2D;
        const out = (upConvs[i] as GCNConv).forward({ ...level.edges, x: joined });
        x = i < depth - 1 ? this.#act(out) : out;
      }
      return x;
    });
  }
}

/** `(A + I)²` without loops. */
function augmented(edges: Edges, nodes: number): Edges {
  const looped = addSelfLoops(removeSelfLoops(edges), { numNodes: nodes });
  const matrix = { list: edgesOf(looped.edgeIndex), values: looped.edgeWeight as Tensor1D };
  const { list, values } = sparseMatMul(matrix, matrix, nodes);
  return removeSelfLoops({ edgeIndex: edgeIndexOf(list), edgeWeight: values });
}

/** Rows where they were, zeros elsewhere. */
function putBack(x: Tensor2D, perm: Tensor1D, nodes: number): Tensor2D {
  const rows = new Int32Array(nodes).fill(x.shape[0]);
  for (const [i, node] of syncValues(perm).entries()) rows[node] = i;
  return gatherRows(concat([x, zeros<Tensor2D["rankType"]>([1, x.shape[1]])], 0), rows);
}
