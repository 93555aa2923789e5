import { checkChoice, checkOptions, checkRng, checkSizes, type Rng } from "@pellucid/core-train";
import type { NeighborLists } from "../convert/neighbor-lists.ts";
import { aliasTable } from "./alias-table.ts";
import { checkNode } from "./sample-neighbors.ts";

/** Options for {@link sampleLayers}. */
export interface SampleLayersOptions {
  /** Random generator for the draws. */
  readonly rng: Rng;
  /**
   * `"fastGcn"` draws a layer from all nodes, with replacement; `"ladies"` from the neighbors of the layer above, without, and normalizes each
   * row. Default: `"ladies"`.
   */
  readonly scheme?: "fastGcn" | "ladies";
}

/** One layer of a sampled network: from the sampled nodes below it to the nodes above. */
export interface SampledLayer {
  /** The nodes of the whole graph that are below: `[source]`. With `"ladies"` those above are among them. */
  readonly nodes: Int32Array;
  /** How many nodes are above. */
  readonly numTargets: number;
  /** Indices among `nodes`, `[edge]` */
  readonly sources: Int32Array;
  /** Indices among the nodes above, `[edge]` */
  readonly targets: Int32Array;
  /** Multiply messages by these and add them up, `[edge]`. */
  readonly weights: Float32Array;
}

/**
 * Samples a few nodes for each layer, rather than a few neighbors for each node, so that depth costs no more than width. The weights make the sum over
 * sampled neighbors an estimate of that over all: `Σ w_uv / (t q_v) h_v` for `t` draws with probabilities `q`, unbiased for `"fastGcn"`.
 *
 * FastGCN: `q_v ∝ Σ_u w_uv²` over the whole graph. Chen, Ma and Xiao, 2018, algorithm 2. https://arxiv.org/abs/1801.10247
 * LADIES: the sum is over the nodes of the layer above; these are added to the drawn ones, and each row is divided by its sum.
 * Zou et al., 2019, algorithm 1. https://arxiv.org/abs/1911.07323
 *
 * @param lists incoming neighbors: `neighborLists(edges, "in")`
 * @param weights of the edges, such as those of GCN's normalization, `[edge]`
 * @param counts how many nodes to draw for each layer, from the seeds down
 * @returns the layers from the seeds down
 */
export function sampleLayers(
  lists: NeighborLists,
  weights: Float32Array,
  seeds: ArrayLike<number>,
  counts: readonly number[],
  options: SampleLayersOptions,
): SampledLayer[] {
  checkRng("sampleLayers", options);
  checkOptions("sampleLayers", options, ["rng", "scheme"]);
  const { rng, scheme = "ladies" } = options;
  checkChoice("sampleLayers", "scheme", scheme, ["fastGcn", "ladies"]);
  checkSizes("sampleLayers", Object.fromEntries(counts.map((count, layer) => [`counts ${layer}`, count])));
  let above: Int32Array = Int32Array.from(seeds, (seed) => {
    checkNode("sampleLayers", seed, lists.numNodes);
    return seed;
  });
  const all = Int32Array.from({ length: lists.numNodes }, (_, v) => v);
  const everywhere = scheme === "fastGcn" ? squaredColumns(lists, weights, all) : null;
  return counts.map((count) => {
    const layer =
      everywhere === null
        ? ladies(lists, weights, above, count, rng)
        : fastGcn(lists, weights, above, count, everywhere, rng);
    above = layer.nodes;
    return layer;
  });
}

/** `Σ_u w_uv²` over the rows `u` of some nodes. */
function squaredColumns(
  { ptr, neighbors, edges }: NeighborLists,
  weights: Float32Array,
  above: Int32Array,
): Map<number, number> {
  const sums = new Map<number, number>();
  for (const u of new Set(above))
    for (let i = ptr[u] ?? NaN; i < (ptr[u + 1] ?? NaN); i++) {
      const v = neighbors[i] ?? NaN;
      sums.set(v, (sums.get(v) ?? 0) + (weights[edges[i] ?? NaN] ?? NaN) ** 2);
    }
  return sums;
}

function fastGcn(
  lists: NeighborLists,
  weights: Float32Array,
  above: Int32Array,
  count: number,
  sums: ReadonlyMap<number, number>,
  rng: Rng,
): SampledLayer {
  const known = [...sums.keys()];
  const table = aliasTable([...sums.values()]);
  const draws = new Map<number, number>(); // how often each index was drawn
  for (let i = 0; i < count; i++) {
    const drawn = table.draw(rng);
    draws.set(drawn, (draws.get(drawn) ?? 0) + 1);
  }
  const scale = [...draws].map(([i, times]) => times / (count * (table.probabilities[i] ?? NaN)));
  return connect(
    lists,
    weights,
    above,
    Int32Array.from(draws.keys(), (i) => known[i] ?? NaN),
    scale,
  );
}

function ladies(
  lists: NeighborLists,
  weights: Float32Array,
  above: Int32Array,
  count: number,
  rng: Rng,
): SampledLayer {
  const sums = squaredColumns(lists, weights, above);
  const total = [...sums.values()].reduce((sum, square) => sum + square, 0);
  // the smallest of exponential times with these rates: draws without replacement
  const times = [...sums].map(([v, square]) => [v, -Math.log1p(-rng.uint32() * 2 ** -32) / square] as const);
  const drawn = times
    .toSorted(([, a], [, b]) => a - b)
    .slice(0, count)
    .map(([v]) => v);
  const nodes = Int32Array.from(new Set([...above, ...drawn]));
  const scale = Array.from(nodes, (v) => {
    const q = (sums.get(v) ?? 0) / total;
    return q === 0 ? 0 : 1 / (count * q);
  });
  const layer = connect(lists, weights, above, nodes, scale);
  const rows = new Float64Array(above.length);
  for (const [e, target] of layer.targets.entries())
    rows[target] = (rows[target] ?? NaN) + (layer.weights[e] ?? NaN);
  return {
    ...layer,
    weights: layer.weights.map((w, e) => {
      const sum = rows[layer.targets[e] ?? NaN] ?? NaN;
      return sum === 0 ? 0 : w / sum;
    }),
  };
}

/** The edges from the sampled nodes to those above. */
function connect(
  { ptr, neighbors, edges }: NeighborLists,
  weights: Float32Array,
  above: Int32Array,
  nodes: Int32Array,
  scale: readonly number[],
): SampledLayer {
  const position = new Map(Array.from(nodes, (v, i) => [v, i]));
  const [sources, targets, scaled]: [number[], number[], number[]] = [[], [], []];
  for (const [target, u] of above.entries())
    for (let i = ptr[u] ?? NaN; i < (ptr[u + 1] ?? NaN); i++) {
      const source = position.get(neighbors[i] ?? NaN);
      if (source === undefined) continue;
      sources.push(source);
      targets.push(target);
      scaled.push((weights[edges[i] ?? NaN] ?? NaN) * (scale[source] ?? NaN));
    }
  return {
    nodes,
    numTargets: above.length,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    weights: Float32Array.from(scaled),
  };
}
