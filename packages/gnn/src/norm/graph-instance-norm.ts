import {
  type Buffer,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkSizes,
  init,
  initialized,
  isTraining,
  type Parameter,
  stateBuffer,
  updateBuffer,
} from "@pellucid/core-train";
import {
  add,
  div,
  mean,
  mul,
  type Rank,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { countsOf, segmentMean } from "../propagate/segment.ts";
import { oneGraph } from "./one-graph.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/** Options for {@link GraphInstanceNorm}. */
export interface GraphInstanceNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** The weight of a batch in running statistics. Default: 0.1. */
  readonly momentum?: number;
  /** Whether to learn a weight and a bias. Default: false. */
  readonly affine?: boolean;
  /** Whether inference uses running statistics. Default: false. */
  readonly trackRunningStats?: boolean;
}

/**
 * Normalizes each feature over the nodes of each graph: `(x - mean) / √(variance + eps)`; PyG's `InstanceNorm`. A graph of one node gives zeros.
 *
 * Ulyanov et al., 2017. https://arxiv.org/abs/1607.08022
 */
export class GraphInstanceNorm extends GraphwiseNorm {
  readonly eps: number;
  readonly momentum: number;
  /** `[feature]` */
  readonly weight: Parameter<Rank.R1> | null;
  /** `[feature]` */
  readonly bias: Parameter<Rank.R1> | null;
  /** `[feature]` */
  readonly runningMean: Buffer<Rank.R1> | null;
  /** `[feature]` */
  readonly runningVar: Buffer<Rank.R1> | null;
  readonly numBatchesTracked: Buffer<Rank.R0> | null;
  protected readonly features: number;

  constructor(inChannels: number, options: GraphInstanceNormOptions = {}) {
    super();
    checkOptions("GraphInstanceNorm", options, ["eps", "momentum", "affine", "trackRunningStats"]);
    checkSizes("GraphInstanceNorm", { inChannels });
    const { eps = 1e-5, momentum = 0.1, affine = false, trackRunningStats = false } = options;
    checkPositive("GraphInstanceNorm", { eps });
    checkProbabilities("GraphInstanceNorm", { momentum });
    this.eps = eps;
    this.momentum = momentum;
    this.features = inChannels;
    this.weight = affine ? initialized<Rank.R1>([inChannels], init.ones()) : null;
    this.bias = affine ? initialized<Rank.R1>([inChannels], init.zeros()) : null;
    const buffer = (value: number) =>
      trackRunningStats
        ? stateBuffer<Rank.R1>({ data: new Float32Array(inChannels).fill(value), shape: [inChannels] })
        : null;
    this.runningMean = buffer(0);
    this.runningVar = buffer(1);
    this.numBatchesTracked = trackRunningStats
      ? stateBuffer<Rank.R0>({ data: Int32Array.of(0), shape: [] })
      : null;
  }

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { eps, weight, bias, runningMean, runningVar } = this;
    const usesRunning = runningMean !== null && runningVar !== null && !isTraining(this);
    const normal = usesRunning
      ? div(sub(x, runningMean), sqrt(add(runningVar, eps)))
      : this.#normalizeEach(x, graphs ?? oneGraph(x.shape[0]));
    return (weight === null || bias === null ? normal : add(mul(normal, weight), bias)) as Tensor2D;
  }

  /** Normalizes by the statistics of each graph, and adds these to the running ones. */
  #normalizeEach(x: Tensor2D, { groups, size }: Graphs): Tensor2D {
    const means = segmentMean(x, groups, size); //                           [graph, feature]
    const centered = sub(x, gatherRows(means, groups.target)) as Tensor2D; // [node, feature]
    const variances = segmentMean(square(centered), groups, size); //        [graph, feature]
    this.#updateRunning(means, variances, countsOf(groups, size));
    return div(centered, gatherRows(sqrt(add(variances, this.eps)) as Tensor2D, groups.target));
  }

  /** Mixes the mean over the graphs of their means and of their unbiased variances into the running statistics, as PyTorch's `instance_norm` does. */
  #updateRunning(means: Tensor2D, variances: Tensor2D, counts: Float32Array): void {
    const { runningMean, runningVar, momentum } = this;
    if (runningMean === null || runningVar === null) return;
    const corrections = counts.map((n) => Math.max(1, n) / Math.max(1, n - 1)); // n / (n − 1)
    const unbiased = mul(variances, tensor2d(corrections, [counts.length, 1])); // [graph, feature]
    const mix = (now: Tensor) => (old: Tensor) => add(mul(old, 1 - momentum), mul(now, momentum));
    updateBuffer(runningMean, mix(mean(means, 0)));
    updateBuffer(runningVar, mix(mean(unbiased, 0)));
  }
}
