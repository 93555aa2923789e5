import {
  checkArguments,
  checkFinite,
  checkOptions,
  checkRng,
  checkSizes,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import { drawEach, pairAt } from "./draw-pairs.ts";
import { edgeIndexOfHost, type GraphData } from "./graph-data.ts";

/** Options for {@link stochasticBlockModel}. */
export interface StochasticBlockModelOptions {
  /** Random generator for edges and features. */
  readonly rng: Rng;
  /** How many features a node has: normal with deviation 1 about a mean of its block. Default: 8. */
  readonly features?: number;
  /** How far apart the means of blocks are, in deviations. Default: 1. */
  readonly separation?: number;
}

/**
 * A graph of blocks: two nodes of blocks `a` and `b` are joined with probability `probabilities[a][b]`. Nodes are numbered block by block, `y` is the block, edges have
 * both directions. It draws as many numbers as there are edges, so large sparse graphs are fast.
 *
 * Holland, Laskey and Leinhardt, 1983. https://doi.org/10.1016/0378-8733(83)90021-7
 *
 * @throws OptionError for probabilities that are not symmetric
 */
export function stochasticBlockModel(
  sizes: readonly number[],
  probabilities: readonly (readonly number[])[],
  options: StochasticBlockModelOptions,
): Required<Pick<GraphData, "x" | "edgeIndex" | "y">> {
  checkArguments("stochasticBlockModel", { "size[]": { sizes }, array: { probabilities } });
  checkRng("stochasticBlockModel", options);
  checkOptions("stochasticBlockModel", options, ["rng", "features", "separation"]);
  const { rng, features = 8, separation = 1 } = options;
  checkSizes("stochasticBlockModel", {
    features,
    ...Object.fromEntries(sizes.map((size, b) => [`size ${b}`, size])),
  });
  checkFinite("stochasticBlockModel", { separation });
  for (const [a] of sizes.entries())
    for (const [b] of sizes.entries()) {
      const p = probabilities[a]?.[b];
      if (!(p !== undefined && p >= 0 && p <= 1 && p === probabilities[b]?.[a]))
        throw new OptionError(
          "stochasticBlockModel",
          `probabilities ${a}, ${b}`,
          p,
          "a probability, as at its mirror",
        );
    }
  const starts = sizes.map((_, b) => sizes.slice(0, b).reduce((sum, size) => sum + size, 0));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const [from, to]: [number[], number[]] = [[], []];
  for (const [a, size] of sizes.entries())
    for (let b = 0; b <= a; b++) {
      const width = sizes[b] ?? NaN;
      const pairs = a === b ? (size * (size - 1)) / 2 : size * width;
      for (const index of drawEach(pairs, probabilities[a]?.[b] ?? NaN, rng)) {
        const [i, j] = a === b ? pairAt(index) : [Math.floor(index / width), index % width];
        from.push((starts[a] ?? NaN) + i);
        to.push((starts[b] ?? NaN) + j);
      }
    }
  const y = Int32Array.from(sizes.flatMap((size, b) => Array<number>(size).fill(b)));
  const means = rng.normal([sizes.length, features], 0, separation).data;
  const x = rng
    .randn([count, features])
    .data.map(
      (noise, i) => noise + (means[(y[Math.floor(i / features)] ?? NaN) * features + (i % features)] ?? NaN),
    );
  return {
    x: { data: x, shape: [count, features] },
    edgeIndex: bothDirections(from, to),
    y: { data: y, shape: [count] },
  };
}

/** The edges and their reverses, sorted by source and target. */
export function bothDirections(from: readonly number[], to: readonly number[]): GraphData["edgeIndex"] {
  const [sources, targets] = [Int32Array.from([...from, ...to]), Int32Array.from([...to, ...from])];
  const order = Int32Array.from(sources.keys()).sort(
    (a, b) => (sources[a] ?? NaN) - (sources[b] ?? NaN) || (targets[a] ?? NaN) - (targets[b] ?? NaN),
  );
  return edgeIndexOfHost(
    order.map((e) => sources[e] ?? NaN),
    order.map((e) => targets[e] ?? NaN),
  );
}
