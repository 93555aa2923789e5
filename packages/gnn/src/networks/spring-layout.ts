import {
  checkFinite,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkSizes,
  NumpyRandom,
  OptionError,
} from "@pellucid/core-train";
import { adjacencyMatrix } from "./adjacency-matrix.ts";
import { type Layout, rescaled } from "./layout.ts";
import type { LayoutOptions } from "./layout-options.ts";
import type { Network } from "./network.ts";
import type { NodeName } from "./node-name.ts";

/** Options for {@link springLayout}. */
export interface SpringLayoutOptions extends LayoutOptions {
  /** The seed of the random start, as networkx's `seed`. */
  readonly seed: number;
  /** The distance at which neighbors are in balance. Default: `1 / √nodes`; with fixed nodes, times the largest given coordinate. */
  readonly k?: number;
  /** Where nodes start. Default: at random. */
  readonly pos?: ReadonlyMap<NodeName, readonly [number, number]>;
  /** Nodes that do not move; they need a position in `pos`. The result is then not rescaled. Default: none. */
  readonly fixed?: readonly NodeName[];
  /** How often all nodes move. Default: 50. */
  readonly iterations?: number;
  /** The layout ends when nodes move less than this. Default: 1e-4. */
  readonly threshold?: number;
  /** The attribute of edges that is the strength of their springs, or null. Default: `"weight"`. */
  readonly weight?: string | null;
}

type Point = [number, number];

/**
 * Nodes repel each other, edges are springs, and the step shrinks linearly: networkx's `spring_layout` with `method="force"`, with its numbers
 * for its seed.
 *
 * networkx takes another method from 500 nodes on; here it is the same for any size.
 *
 * Fruchterman and Reingold, 1991. https://doi.org/10.1002/spe.4380211102
 *
 * @throws OptionError for a fixed node without a position
 */
export function springLayout(network: Network, options: SpringLayoutOptions): Layout {
  checkOptions("springLayout", options, [
    "seed",
    "k",
    "pos",
    "fixed",
    "iterations",
    "threshold",
    "weight",
    "scale",
    "center",
  ]);
  const { seed, iterations = 50, threshold = 1e-4, weight = "weight", scale = 1, center = [0, 0] } = options;
  checkSizes("springLayout", { iterations }, 0);
  checkNotNegative("springLayout", { threshold });
  checkFinite("springLayout", { scale });
  const { pos, fixed } = options;
  const random = new NumpyRandom(seed);
  const nodes = network.nodes();
  for (const node of fixed ?? [])
    if (pos?.has(node) !== true)
      throw new OptionError("springLayout", "fixed", node, "nodes with a position in pos");
  const given = pos === undefined ? [] : [...pos.values()].flat();
  const domain = pos === undefined ? 1 : Math.max(...given) || 1;
  if (nodes.length <= 1) return new Map(nodes.map((node) => [node, [...center]]));
  const start = random.rand(2 * nodes.length);
  const points = nodes.map((node, i): Point => {
    const own = pos?.get(node);
    if (own !== undefined) return [...own];
    const [x, y] = [(start[2 * i] ?? NaN) * domain, (start[2 * i + 1] ?? NaN) * domain];
    return pos === undefined ? [x, y] : [x + center[0], y + center[1]];
  });
  const k = options.k ?? (fixed === undefined ? 1 : domain) / Math.sqrt(nodes.length);
  checkPositive("springLayout", { k });
  const still = new Set(fixed);
  const isFixed = nodes.map((node) => still.has(node));
  move(points, adjacencyMatrix(network, { weight }), k, isFixed, iterations, threshold);
  const placed = fixed === undefined ? rescaled(points, scale, center) : points;
  return new Map(nodes.map((node, i) => [node, placed[i] as Point]));
}

/** Moves the points, at most by the temperature in each iteration. */
function move(
  points: Point[],
  adjacency: readonly (readonly number[])[],
  k: number,
  isFixed: readonly boolean[],
  iterations: number,
  threshold: number,
): void {
  const spread = (axis: 0 | 1) => {
    const along = points.map((p) => p[axis]);
    return Math.max(...along) - Math.min(...along);
  };
  let temperature = 0.1 * Math.max(spread(0), spread(1));
  const cooling = temperature / (iterations + 1);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const steps = points.map(([x, y], i): Point => {
      const force: Point = [0, 0];
      for (const [j, [otherX, otherY]] of points.entries()) {
        const [dx, dy] = [x - otherX, y - otherY];
        const distance = Math.max(Math.hypot(dx, dy), 0.01);
        const pull = (k * k) / distance ** 2 - ((adjacency[i]?.[j] ?? NaN) * distance) / k;
        force[0] += dx * pull;
        force[1] += dy * pull;
      }
      const length = Math.max(Math.hypot(...force), 0.01);
      return isFixed[i] ? [0, 0] : [(force[0] * temperature) / length, (force[1] * temperature) / length];
    });
    for (const [i, [dx, dy]] of steps.entries()) {
      const point = points[i] as Point;
      point[0] += dx;
      point[1] += dy;
    }
    temperature -= cooling;
    const moved = Math.sqrt(steps.reduce((sum, [dx, dy]) => sum + dx * dx + dy * dy, 0));
    if (moved / points.length < threshold) return;
  }
}
