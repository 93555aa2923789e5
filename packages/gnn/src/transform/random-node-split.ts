import { checkHostTensor } from "../data/check-host-tensor.ts";
import {
  checkArguments,
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  OptionError,
  type Rng,
  ShapeError,
} from "@pellucid/core-train";
import type { GraphData } from "../data/graph-data.ts";

/** Options for {@link randomNodeSplit}. */
export interface RandomNodeSplitOptions {
  /** Random generator for the split. */
  readonly rng: Rng;
  /**
   * Which nodes are to train on: `"trainRest"` all that are left, `"testRest"` and `"random"` some of each class; with `"testRest"` all others but those to validate are to test on.
   * Default: `"trainRest"`.
   */
  readonly split?: "trainRest" | "testRest" | "random";
  /** How many nodes of each class to train on, unless `"trainRest"`. Default: 20. */
  readonly numTrainPerClass?: number;
  /** How many nodes to validate on; below 1, which share. Default: 500. */
  readonly numVal?: number;
  /** How many nodes to test on; below 1, which share. Default: 1000. */
  readonly numTest?: number;
}

/**
 * Draws which nodes are to train, validate and test on: PyG's `RandomNodeSplit`. It takes permutations from the generator in PyG's order, so with PyG's seed the masks are
 * PyG's.
 *
 * @returns the graph with new masks
 */
export function randomNodeSplit<Data extends GraphData>(
  graph: Data,
  options: RandomNodeSplitOptions,
): Data & Required<Pick<GraphData, "trainMask" | "valMask" | "testMask">> {
  checkArguments("randomNodeSplit", { "{ x }": { graph } });
  checkHostTensor("randomNodeSplit", "x", graph.x);
  checkRng("randomNodeSplit", options);
  checkOptions("randomNodeSplit", options, ["rng", "split", "numTrainPerClass", "numVal", "numTest"]);
  const { rng, split = "trainRest", numTrainPerClass = 20 } = options;
  checkChoice("randomNodeSplit", "split", split, ["trainRest", "testRest", "random"]);
  checkSizes("randomNodeSplit", { numTrainPerClass });
  const nodes = graph.x.shape[0] ?? 0;
  const numVal = countOf("randomNodeSplit", "numVal", options.numVal ?? 500, nodes, Math.round);
  const numTest = countOf("randomNodeSplit", "numTest", options.numTest ?? 1000, nodes, Math.round);
  const maskOf = (chosen: ArrayLike<number>) => {
    const data = new Uint8Array(nodes);
    for (const v of Array.from(chosen)) data[v] = 1;
    return { data, shape: [nodes] };
  };
  if (split === "trainRest") {
    if (numVal + numTest > nodes)
      throw new OptionError(
        "randomNodeSplit",
        "numVal + numTest",
        numVal + numTest,
        `the ${nodes} nodes or fewer`,
      );
    const order = rng.randperm(nodes);
    return {
      ...graph,
      valMask: maskOf(order.subarray(0, numVal)),
      testMask: maskOf(order.subarray(numVal, numVal + numTest)),
      trainMask: maskOf(order.subarray(numVal + numTest)),
    };
  }
  const { y } = graph;
  if (y === undefined || y.shape[0] !== nodes)
    throw new ShapeError(
      `randomNodeSplit: y is ${y === undefined ? "not there" : `[${y.shape.join(", ")}]`}, expected a class for each of ${nodes} nodes.`,
    );
  const classes = Int32Array.from(y.data).reduce((most, label) => Math.max(most, label + 1), 0);
  const train = Array.from({ length: classes }, (_, c) => {
    const own = [...y.data.keys()].filter((v) => y.data[v] === c);
    return Array.from(rng.randperm(own.length), (i) => own[i] ?? NaN).slice(0, numTrainPerClass);
  }).flat();
  const trained = new Set(train);
  const others = [...y.data.keys()].filter((v) => !trained.has(v));
  const order = Array.from(rng.randperm(others.length), (i) => others[i] ?? NaN);
  return {
    ...graph,
    trainMask: maskOf(train),
    valMask: maskOf(order.slice(0, numVal)),
    testMask: maskOf(order.slice(numVal, split === "testRest" ? undefined : numVal + numTest)),
  };
}

/** A number of items: an integer is one, a number below 1 a share of `count`. */
export function countOf(
  caller: string,
  name: string,
  given: number,
  count: number,
  round: (x: number) => number,
): number {
  checkNotNegative(caller, { [name]: given });
  if (given < 1) return round(given * count);
  checkSizes(caller, { [name]: given });
  return given;
}
