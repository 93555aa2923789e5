import {
  checkArguments,
  checkOptions,
  checkPositive,
  checkRng,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { numberOf } from "./edge-occlusion.ts";
import type { MaskedScore } from "./masked-score.ts";

/** Options for {@link subgraphX}. */
export interface SubgraphXOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Random generator for the coalitions of Shapley values. */
  readonly rng: Rng;
  /** How many nodes the explanation may have. */
  readonly maxNodes: number;
  /** Nodes that are never left out, such as the one that is predicted. Default: none. */
  readonly keep?: readonly number[];
  /** How often the search goes down its tree. Default: 20. */
  readonly rollouts?: number;
  /** How many coalitions a Shapley value is estimated from. Default: 20. */
  readonly samples?: number;
  /** How many nodes may be the next to be left out. Default: 12. */
  readonly width?: number;
  /** How much the search explores. Default: 10. */
  readonly exploration?: number;
}

/** A connected part of a graph that explains a prediction. */
export interface ExplainedSubgraph {
  readonly nodes: readonly number[];
  /** Its Shapley value: what it adds to the score on average, together with other nodes. */
  readonly value: number;
}

interface Branch {
  readonly nodes: readonly number[];
  value: number | null;
  children: Branch[] | null;
  visits: number;
  total: number;
}

/**
 * Searches a small connected subgraph with the largest Shapley value: Monte Carlo tree search leaves out one node after the other, those with few neighbors first, and coalitions of the other nodes say what a
 * subgraph adds. Nodes are left out by removing their edges.
 *
 * Yuan et al., 2021. https://arxiv.org/abs/2102.05152
 *
 * @param edges the ends of the edges of the mask
 */
export function subgraphX(
  score: MaskedScore,
  options: SubgraphXOptions,
): (
  edges: readonly (readonly [source: number, target: number])[],
  numNodes: number,
) => Promise<ExplainedSubgraph> {
  checkArguments("subgraphX", { function: { score } });
  checkRng("subgraphX", options);
  checkOptions("subgraphX", options, [
    "rng",
    "maxNodes",
    "keep",
    "rollouts",
    "samples",
    "width",
    "exploration",
    "signal",
    "onProgress",
  ]);
  const { rng, maxNodes, keep = [], rollouts = 20, samples = 20, width = 12, exploration = 10 } = options;
  for (const [name, count] of Object.entries({ maxNodes, rollouts, samples, width }))
    checkCount("subgraphX", name, count);
  checkPositive("subgraphX", { exploration });
  if (keep.length > maxNodes)
    throw new OptionError(
      "subgraphX",
      "keep",
      `${keep.length} nodes`,
      `${maxNodes} or fewer, as maxNodes says`,
    );
  return async (edges, numNodes) => {
    checkCount("subgraphX", "numNodes", numNodes);
    const around = neighborsOf(edges, numNodes);
    const kept = new Set(keep);
    const all = Array.from({ length: numNodes }, (_, v) => v);
    const branches = new Map<string, Branch>();
    const branchOf = (nodes: readonly number[]): Branch => {
      const key = nodes.join();
      const known = branches.get(key) ?? { nodes, value: null, children: null, visits: 0, total: 0 };
      branches.set(key, known);
      return known;
    };
    const scoreWith = (present: ReadonlySet<number>) =>
      numberOf(
        score,
        Float32Array.from(edges, ([u, v]) => Number(present.has(u) && present.has(v))),
      );
    const valueOf = async (branch: Branch): Promise<number> => {
      if (branch.value !== null) return branch.value;
      const inside = new Set(branch.nodes);
      const others = all.filter((v) => !inside.has(v));
      let sum = 0;
      for (let i = 0; i < samples; i++) {
        const share = rng.rand([1]).data[0] ?? NaN;
        const coalition = others.filter(() => (rng.rand([1]).data[0] ?? NaN) < share);
        sum +=
          (await scoreWith(new Set([...coalition, ...branch.nodes]))) - (await scoreWith(new Set(coalition)));
      }
      branch.value = sum / samples;
      return branch.value;
    };
    const expand = (branch: Branch): Branch[] => {
      const inside = new Set(branch.nodes);
      const degree = (v: number) => [...(around[v] as Set<number>)].filter((u) => inside.has(u)).length;
      const candidates = branch.nodes
        .filter((v) => !kept.has(v))
        .toSorted((a, b) => degree(a) - degree(b) || a - b);
      const children = candidates.slice(0, width).map((v) =>
        branchOf(
          largestPart(
            branch.nodes.filter((u) => u !== v),
            around,
            kept,
          ),
        ),
      );
      return children.filter(({ nodes }) => nodes.length > 0 && nodes.length < branch.nodes.length);
    };
    const root = branchOf(largestPart(all, around, kept));
    let best: Branch | null = null;
    for (let rollout = 0; rollout < rollouts; rollout++) {
      options.signal?.throwIfAborted();
      const path = [root];
      for (let branch = root; branch.nodes.length > maxNodes;) {
        branch.children ??= expand(branch);
        if (branch.children.length === 0) break;
        for (const child of branch.children) await valueOf(child);
        const visits = branch.children.reduce((sum, child) => sum + child.visits, 0);
        const gain = ({ total, visits: own, value }: Branch) =>
          (own === 0 ? 0 : total / own) +
          (exploration * (value as number) * Math.sqrt(visits + 1)) / (1 + own);
        branch = branch.children.reduce((most, child) => (gain(child) > gain(most) ? child : most));
        path.push(branch);
      }
      const leaf = path.at(-1) as Branch;
      const value = await valueOf(leaf);
      for (const branch of path) {
        branch.visits++;
        branch.total += value;
      }
      if (leaf.nodes.length <= maxNodes && (best === null || value > (best.value as number))) best = leaf;
      options.onProgress?.(rollout + 1, rollouts);
      await yieldToEventLoop();
    }
    const found = best ?? root;
    return { nodes: found.nodes, value: await valueOf(found) };
  };
}

function neighborsOf(edges: readonly (readonly [number, number])[], numNodes: number): Set<number>[] {
  const around = Array.from({ length: numNodes }, () => new Set<number>());
  for (const [u, v] of edges) {
    if (around[u] === undefined || around[v] === undefined)
      throw new OptionError("subgraphX", "edges", `${u} to ${v}`, `nodes from 0 to ${numNodes - 1}`);
    around[u].add(v);
    around[v].add(u);
  }
  return around;
}

/** The connected part that has the nodes to keep, else the largest one. */
function largestPart(
  nodes: readonly number[],
  around: readonly ReadonlySet<number>[],
  kept: ReadonlySet<number>,
): number[] {
  const left = new Set(nodes);
  let best: number[] = [];
  const wanted = (part: readonly number[]) => part.filter((v) => kept.has(v)).length;
  for (const start of nodes) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const v of part) for (const u of around[v] as ReadonlySet<number>) if (left.delete(u)) part.push(u);
    if (wanted(part) > wanted(best) || (wanted(part) === wanted(best) && part.length > best.length))
      best = part;
  }
  return best.toSorted((a, b) => a - b);
}
