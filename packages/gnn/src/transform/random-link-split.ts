import {
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkRng,
  type HostTensor,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import { edgeIndexOfHost, type GraphData, hostEdges, takeRows } from "../data/graph-data.ts";
import { negativeSampling } from "./negative-sampling.ts";
import { countOf } from "./random-node-split.ts";

/** Options for {@link randomLinkSplit}. */
export interface RandomLinkSplitOptions {
  /** Random generator for the split and the negative edges. */
  readonly rng: Rng;
  /** How many edges to validate on; below 1, which share. Default: 0.1. */
  readonly numVal?: number;
  /** How many edges to test on; below 1, which share. Default: 0.2. */
  readonly numTest?: number;
  /** Whether the graph has both directions of each edge, which then stay together and count as one. Default: false. */
  readonly isUndirected?: boolean;
  /** Whether to draw negative edges to train on too. Default: true. */
  readonly addNegativeTrainSamples?: boolean;
  /** How many negative edges there are for each positive one. Default: 1. */
  readonly negSamplingRatio?: number;
  /** Which share of the edges to train on is only predicted, and not used to send messages. Default: 0, they are used for both. */
  readonly disjointTrainRatio?: number;
}

/** A graph with edges to predict: its own edges are those that send messages. */
export type LinkGraph<Data extends GraphData = GraphData> = Data & {
  /** The edges to predict, `[2, label]`. */
  readonly edgeLabelIndex: HostTensor<Int32Array>;
  /** 1 for edges of the graph, 0 for negative ones, `[label]`. */
  readonly edgeLabel: HostTensor<Float32Array>;
};

/**
 * Splits the edges of a graph for link prediction: PyG's `RandomLinkSplit`. Validation sends messages along the edges to train on, test along those of validation too, so no edge
 * to predict is seen in either direction. With `isUndirected`, negative edges are different pairs in all parts; in PyG `(a, b)` and `(b, a)` can be in two.
 *
 * @throws OptionError where no edge is left to train on
 */
export function randomLinkSplit<Data extends GraphData>(
  graph: Data,
  options: RandomLinkSplitOptions,
): { readonly train: LinkGraph<Data>; readonly val: LinkGraph<Data>; readonly test: LinkGraph<Data> } {
  checkRng("randomLinkSplit", options);
  checkOptions("randomLinkSplit", options, [
    "rng",
    "numVal",
    "numTest",
    "isUndirected",
    "addNegativeTrainSamples",
    "negSamplingRatio",
    "disjointTrainRatio",
  ]);
  const { rng, isUndirected = false, addNegativeTrainSamples = true, negSamplingRatio = 1 } = options;
  const { disjointTrainRatio = 0 } = options;
  checkChoice("randomLinkSplit", "isUndirected", isUndirected, [true, false]);
  checkChoice("randomLinkSplit", "addNegativeTrainSamples", addNegativeTrainSamples, [true, false]);
  checkNotNegative("randomLinkSplit", { negSamplingRatio, disjointTrainRatio });
  const edges = hostEdges(graph);
  const { sources, targets } = edges;
  const once = Int32Array.from(sources.keys()).filter(
    (e) => !isUndirected || (sources[e] ?? NaN) <= (targets[e] ?? NaN),
  );
  const order = Int32Array.from(rng.randperm(once.length), (i) => once[i] ?? NaN);
  const count = (name: "numVal" | "numTest", otherwise: number) =>
    countOf("randomLinkSplit", name, options[name] ?? otherwise, order.length, Math.floor);
  const [numVal, numTest] = [count("numVal", 0.1), count("numTest", 0.2)];
  const numTrain = order.length - numVal - numTest;
  const numDisjoint = Math.floor(disjointTrainRatio * numTrain);
  if (numTrain - numDisjoint <= 0)
    throw new OptionError(
      "randomLinkSplit",
      "numVal + numTest",
      numVal + numTest,
      `fewer than the ${order.length} edges`,
    );
  const train = order.subarray(0, numTrain);
  const toPredict = numDisjoint > 0 ? train.subarray(0, numDisjoint) : train;
  const wanted = [addNegativeTrainSamples ? toPredict.length : 0, numVal, numTest].map((n) =>
    Math.floor(n * negSamplingRatio),
  );
  const total = wanted.reduce((sum, n) => sum + n, 0);
  const negative = negativeSampling(edges, { rng, count: total, undirected: isUndirected });
  const found = negative.sources.length;
  const [fewerTrain = 0, fewerVal = 0] = wanted.map((n) =>
    total === 0 ? 0 : Math.floor((n / total) * found),
  );
  const [negTrain, negVal] = found < total ? [fewerTrain, fewerVal] : (wanted as [number, number]);
  const part = (messages: Int32Array, labels: Int32Array, from: number, to: number): LinkGraph<Data> => {
    const reversed = isUndirected ? messages : new Int32Array(0);
    const ids = Int32Array.from([...messages, ...reversed]);
    const ends = (first: Int32Array, second: Int32Array) =>
      Int32Array.from([
        ...Array.from(messages, (e) => first[e] ?? NaN),
        ...Array.from(reversed, (e) => second[e] ?? NaN),
      ]);
    const labelEnds = (own: Int32Array, drawn: Int32Array) =>
      Int32Array.from([...Array.from(labels, (e) => own[e] ?? NaN), ...drawn.subarray(from, to)]);
    const edgeFields = Object.entries(graph as Record<string, HostTensor | undefined>).flatMap(
      ([name, value]) =>
        value !== undefined && name.startsWith("edge") && name !== "edgeIndex"
          ? [[name, takeRows(value, ids)]]
          : [],
    );
    const size = labels.length + to - from;
    return {
      ...graph,
      ...Object.fromEntries(edgeFields),
      edgeIndex: edgeIndexOfHost(ends(sources, targets), ends(targets, sources)),
      edgeLabelIndex: edgeIndexOfHost(
        labelEnds(sources, negative.sources),
        labelEnds(targets, negative.targets),
      ),
      edgeLabel: {
        data: Float32Array.from({ length: size }, (_, i) => Number(i < labels.length)),
        shape: [size],
      },
    } as LinkGraph<Data>;
  };
  return {
    train: part(train.subarray(numDisjoint), toPredict, 0, negTrain),
    val: part(train, order.subarray(numTrain, numTrain + numVal), negTrain, negTrain + negVal),
    test: part(
      order.subarray(0, numTrain + numVal),
      order.subarray(numTrain + numVal),
      negTrain + negVal,
      found,
    ),
  };
}
