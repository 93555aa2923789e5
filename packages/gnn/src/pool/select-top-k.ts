import {
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  initialized,
  Module,
  noGrad,
  norm,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { div, mul, sum, tanh, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { scatterSoftmax } from "../propagate/scatter.ts";
import { syncValues } from "./sync-values.ts";

/** Options for {@link TopKPooling} and {@link SAGPooling}: how many nodes are kept. */
export interface SelectOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Below 1, which share of the nodes of each graph is kept, rounded up in 32 bits; from 1 on, how many. Default: 0.5. */
  readonly ratio?: number;
  /** Keeps the nodes whose softmax over their graph is above this, at least the best one, in their order. Default: `ratio` decides. */
  readonly minScore?: number;
  /** What the scores are passed through, unless by softmax. Default: tanh. */
  readonly nonlinearity?: (x: Tensor1D) => Tensor1D;
}

/** Nodes that are kept. */
export interface Selection {
  /** Graph by graph, those with the highest scores first. */
  readonly nodes: Int32Array;
  /** Of the nodes that are kept, `[node]`. */
  readonly score: Tensor1D;
}

/** The part of PyG's pools that scores nodes and keeps the best, `SelectTopK`. */
export class SelectTopK extends Module {
  readonly inChannels: number;
  readonly ratio: number;
  readonly minScore: number | null;
  readonly nonlinearity: (x: Tensor1D) => Tensor1D;
  /** `[1, in]` */
  readonly weight: Parameter<Tensor2D["rankType"]>;

  constructor(inChannels: number, options: SelectOptions) {
    super();
    checkRng("SelectTopK", options);
    checkOptions("SelectTopK", options, ["rng", "ratio", "minScore", "nonlinearity"]);
    checkSizes("SelectTopK", { inChannels });
    const { rng, ratio = 0.5, minScore, nonlinearity = tanh } = options;
    checkPositive("SelectTopK", { ratio });
    if (minScore !== undefined) checkProbabilities("SelectTopK", { minScore });
    this.inChannels = inChannels;
    this.ratio = ratio;
    this.minScore = minScore ?? null;
    this.nonlinearity = nonlinearity;
    this.weight = initialized([1, inChannels], uniformWithin(inChannels), rng);
  }

  /** Draws the weight anew. */
  resetParameters(rng: Rng): void {
    initialize(this, "weight", uniformWithin(this.inChannels), rng);
  }

  /**
   * @param x `[node, in]`
   * @param batch int32 `[node]`
   */
  forward(x: Tensor2D, batch: Tensor1D, graphs: number): Selection {
    const { inChannels, ratio, minScore, nonlinearity, weight } = this;
    checkShape(`SelectTopK(${inChannels})`, "x", x, ["node", inChannels]);
    const kept: Int32Array[] = [];
    const score = tidy(() => {
      const raw = sum(mul(x, weight), 1) as Tensor1D; // [node]
      const scores =
        minScore === null
          ? nonlinearity(div(raw, norm(weight)) as Tensor1D)
          : scatterSoftmax(raw, batch, { size: graphs });
      const [values, of] = noGrad(() => [syncValues(scores), syncValues(batch)]) as [
        Float32Array,
        Int32Array,
      ];
      const nodes = minScore === null ? best(values, of, graphs, ratio) : above(values, of, graphs, minScore);
      kept.push(nodes);
      return gatherRows(scores, nodes);
    });
    return { nodes: kept[0] as Int32Array, score };
  }
}

const uniformWithin = (size: number) => init.uniform(-1 / Math.sqrt(size), 1 / Math.sqrt(size));

/** How many of so many nodes a ratio keeps, computed in 32 bits as PyG does: 0.3 of 50 is 16. */
export function keptCount(ratio: number, nodes: number): number {
  const wanted = ratio >= 1 ? Math.trunc(ratio) : Math.ceil(Math.fround(Math.fround(ratio) * nodes));
  return Math.min(nodes, wanted);
}

function best(scores: Float32Array, batch: Int32Array, graphs: number, ratio: number): Int32Array {
  const orders = byGraphDescending(scores, batch, graphs);
  return Int32Array.from(orders.flatMap((order) => order.slice(0, keptCount(ratio, order.length))));
}

function above(scores: Float32Array, batch: Int32Array, graphs: number, minScore: number): Int32Array {
  const most = new Float32Array(graphs).fill(-Infinity);
  for (const [v, score] of scores.entries())
    most[batch[v] ?? NaN] = Math.max(most[batch[v] ?? NaN] ?? NaN, score);
  return Int32Array.from(scores.keys()).filter(
    (v) => (scores[v] ?? NaN) > Math.min((most[batch[v] ?? NaN] ?? NaN) - 1e-7, minScore),
  );
}

/** The nodes of each graph, those with the largest key first; NaN counts as larger than all. */
export function byGraphDescending(
  keys: ArrayLike<number>,
  batch: ArrayLike<number>,
  graphs: number,
): number[][] {
  const orders = Array.from({ length: graphs }, (): number[] => []);
  for (let v = 0; v < keys.length; v++) orders[batch[v] ?? NaN]?.push(v);
  const rank = (v: number) => (Number.isNaN(keys[v]) ? Infinity : (keys[v] ?? NaN));
  return orders.map((order) =>
    order.toSorted((a, b) => (rank(a) === rank(b) ? a - b : rank(b) > rank(a) ? 1 : -1)),
  );
}
