import { checkSizes, ShapeError } from "@pellucid/core-train";
import { checkHostEdges, type HostEdges } from "./host-edges.ts";
import { neighborLists } from "./neighbor-lists.ts";

/**
 * The colors of nodes by 1-dimensional Weisfeiler–Leman refinement: nodes that have equal colors after `iterations` rounds of collecting
 * their neighbors' colors. A color is a text that is equal for equal trees of neighbors, also between graphs.
 *
 * @param labels the first colors, `[node]`. Default: all equal.
 */
export function weisfeilerLemanColors(
  edges: HostEdges,
  iterations: number,
  labels?: ArrayLike<number>,
): string[] {
  checkSizes("weisfeilerLemanColors", { iterations }, 0);
  if (labels !== undefined && labels.length !== edges.numNodes)
    throw new ShapeError(
      `weisfeilerLemanColors: ${labels.length} labels, expected one for each of ${edges.numNodes} nodes.`,
    );
  const { ptr, neighbors } = neighborLists(edges);
  let colors = Array.from({ length: edges.numNodes }, (_, v) => hashed(String(labels?.[v] ?? 0)));
  for (let i = 0; i < iterations; i++) {
    const last = colors;
    colors = last.map((color, v) => {
      const around = Array.from(neighbors.subarray(ptr[v], ptr[v + 1]), (u) => last[u] as string).toSorted();
      return hashed(`${color}(${around.join()})`);
    });
  }
  return colors;
}

/**
 * A text that is equal for isomorphic graphs, as networkx's `weisfeiler_lehman_graph_hash` (other texts): the counts of all colors in all rounds.
 * Graphs with different hashes are not isomorphic; with equal hashes they may be.
 *
 * Shervashidze et al., 2011. https://jmlr.org/papers/v12/shervashidze11a.html
 */
export function weisfeilerLemanHash(edges: HostEdges, iterations = 3, labels?: ArrayLike<number>): string {
  checkSizes("weisfeilerLemanHash", { iterations }, 0);
  const rounds = Array.from({ length: iterations + 1 }, (_, i) =>
    weisfeilerLemanColors(edges, i, labels).toSorted().join(),
  );
  return hashed(`${edges.numNodes}/${edges.sources.length}/${rounds.join(";")}`);
}

/**
 * Whether two graphs could be isomorphic by Weisfeiler and Leman's test: `"different"` is certain, `"maybe"` is not, as two triangles and a
 * hexagon show.
 */
export function weisfeilerLemanTest(a: HostEdges, b: HostEdges): "different" | "maybe" {
  for (const edges of [a, b]) checkHostEdges("weisfeilerLemanTest", edges);
  if (a.numNodes !== b.numNodes || a.sources.length !== b.sources.length) return "different";
  const rounds = Math.max(1, a.numNodes);
  for (let i = 1; i <= rounds; i++) {
    const [first, second] = [weisfeilerLemanColors(a, i), weisfeilerLemanColors(b, i)];
    if (first.toSorted().join() !== second.toSorted().join()) return "different";
    if (new Set(first).size === new Set(weisfeilerLemanColors(a, i - 1)).size) return "maybe";
  }
  return "maybe";
}

/** 106 bits of two multiplicative hashes, as text: two texts that differ collide once in 10³¹ pairs. */
function hashed(text: string): string {
  let [a, b, c, d] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ k, 597399067);
    b = c ^ Math.imul(b ^ k, 2869860233);
    c = d ^ Math.imul(c ^ k, 951274213);
    d = a ^ Math.imul(d ^ k, 2716044179);
  }
  return [a, b, c, d].map((part) => (part >>> 0).toString(36)).join(".");
}
