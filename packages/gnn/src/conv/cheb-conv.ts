import {
  checkChoice,
  checkOptions,
  checkPositive,
  checkRng,
  checkShape,
  checkSizes,
  type Linear,
  max,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  fill,
  mul,
  neg,
  type Rank,
  reshape,
  sub,
  tensor2d,
  type Tensor1D,
  type Tensor2D,
  tidy,
  where,
  equal,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { withLoops, withoutLoops } from "../graph/self-loops.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { column, segmentSum } from "../propagate/segment.ts";
import { sendSum } from "../propagate/send.ts";
import { glorot, redrawLinear } from "../redraw.ts";
import { inverseRoot, type WeightedEdges } from "./gcn-norm.ts";
import { glorotLinear, zeroBias } from "./glorot-linear.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link ChebConv}. */
export interface ChebConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** `L = D - A` (null), `I - D^(-1/2) A D^(-1/2)` (`"sym"`) or `I - D⁻¹ A` (`"rw"`). Default: `"sym"`. */
  readonly normalization?: "sym" | "rw" | null;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
}

/** What {@link ChebConv} takes. */
export interface ChebGraph extends ConvGraph {
  /** The graph of each node, int32 `[node]`. */
  readonly batch?: Tensor1D | undefined;
  /** The largest eigenvalue of `L`, or that of each graph, `[graph]`. Default: twice the largest entry of `L`, over all graphs. */
  readonly lambdaMax?: number | Tensor1D | undefined;
}

/**
 * Chebyshev convolution: `Σ T_k(2 L / λ - I) X W_k + b` for `k < K`, with `T_k(y) = 2 y T_(k-1)(y) - T_(k-2)(y)`. Self-loops of the graph do not count.
 *
 * Defferrard et al., 2016. https://arxiv.org/abs/1606.09375
 */
export class ChebConv extends MessagePassing<ChebGraph> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly normalization: "sym" | "rw" | null;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly lins: readonly Linear[];

  /** @param K how many terms: nodes up to `K - 1` steps away take part */
  constructor(inChannels: number, outChannels: number, K: number, options: ChebConvOptions) {
    super();
    checkRng("ChebConv", options);
    checkOptions("ChebConv", options, ["rng", "normalization", "bias"]);
    checkSizes("ChebConv", { inChannels, outChannels, K });
    const { rng, normalization = "sym", bias = true } = options;
    checkChoice("ChebConv", "normalization", normalization, ["sym", "rw", null]);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.normalization = normalization;
    this.lins = Array.from({ length: K }, () => glorotLinear(inChannels, outChannels, rng));
    this.bias = zeroBias(outChannels, bias);
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const lin of this.lins) redrawLinear(lin, rng, glorot);
  }

  /** @returns `[node, out]` */
  forward(graph: ChebGraph): Tensor2D {
    const { inChannels, outChannels, bias, messages } = this;
    const caller = `ChebConv(${inChannels}, ${outChannels}, ${this.lins.length})`;
    const { source: x, edges: given, size } = endsOf(caller, graph, inChannels);
    if (typeof graph.lambdaMax === "number") checkPositive(caller, { lambdaMax: graph.lambdaMax });
    return tidy(() => {
      const { edges, weight } = this.#scaled(caller, graph, given, size);
      const step = (at: Tensor2D) => sendSum(at, weight, edges, size, messages);
      let [before, now] = [x, x];
      const terms = this.lins.map((lin, k) => {
        if (k === 1) now = step(x);
        else if (k > 1) [before, now] = [now, sub(mul(step(now), 2), before)];
        return lin.forward(now); // [node, out]
      });
      const total = terms.reduce((sum, term) => add(sum, term));
      return bias === null ? total : add(total, bias);
    });
  }

  /** The edges of `2 L / λ - I`. */
  #scaled(caller: string, graph: ChebGraph, given: EdgeList, nodes: number): WeightedEdges {
    const { edges, weight } = laplacian(given, graph.edgeWeight, nodes, this.normalization);
    const { lambdaMax, batch } = graph;
    const lambda = ((): Tensor2D => {
      if (lambdaMax === undefined)
        return mul(reshape(max(reshape(weight, [weight.size]), 0).values, [1, 1]), 2);
      if (typeof lambdaMax === "number") return tensor2d([[lambdaMax]]);
      if (lambdaMax.size === 1 || batch === undefined) {
        checkShape(caller, "lambdaMax", lambdaMax, [1], "Give batch with one for each graph.");
        return reshape(lambdaMax, [1, 1]);
      }
      const of = batch.dataSync<"int32">();
      return gatherRows(
        column(lambdaMax),
        edges.source.map((node) => of[node] ?? NaN),
      );
    })();
    const isZero = equal(lambda, 0);
    const safe = where(isZero, add(zerosLike(lambda), 1), lambda);
    const scaled = mul(
      div(mul(weight, 2), safe),
      where(isZero, zerosLike(lambda), add(zerosLike(lambda), 1)),
    );
    const loops = edges.derive("loops", () =>
      Float32Array.from(edges.source, (j, e) => (j === edges.target[e] ? 1 : 0)),
    );
    return { edges, weight: sub(scaled, tensor2d(loops, [edges.length, 1])) as Tensor2D };
  }
}

/** The edges of a graph's Laplacian: its edges without loops, negative, then one loop for each node. */
export function laplacian(
  given: EdgeList,
  edgeWeight: Tensor1D | undefined,
  nodes: number,
  normalization: "sym" | "rw" | null,
): WeightedEdges {
  const { list: inner, from } = withoutLoops(given);
  const edges = inner.derive(`withLoops ${nodes}`, () => withLoops(inner, nodes));
  const weight =
    edgeWeight === undefined ? fill<Rank.R2>([inner.length, 1], 1) : gatherRows(column(edgeWeight), from);
  const degree = segmentSum(weight, messageGroups(inner.reversed), nodes); // [node, 1]
  const loops = normalization === null ? degree : fill<Rank.R2>([nodes, 1], 1);
  return { edges, weight: concat([neg(normalized()), loops], 0) };

  function normalized(): Tensor2D {
    if (normalization === null) return weight;
    const inverse = inverseRoot(degree);
    if (normalization === "sym")
      return mul(mul(gatherRows(inverse, inner.source), weight), gatherRows(inverse, inner.target));
    const isZero = equal(degree, 0);
    const reciprocal = where(isZero, zerosLike(degree), div(1, where(isZero, add(degree, 1), degree)));
    return mul(gatherRows(reciprocal, inner.source), weight) as Tensor2D;
  }
}
