import {
  checkOptions,
  checkPositive,
  checkSizes,
  init,
  initialized,
  type Parameter,
} from "@pellucid/core-train";
import { add, div, mean, mul, type Rank, sqrt, square, sub, type Tensor2D } from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { segmentMean } from "../propagate/segment.ts";
import { type Graphs, GraphwiseNorm } from "./norm-input.ts";

/** Options for {@link GraphLayerNorm}. */
export interface GraphLayerNormOptions {
  /** Added to what is divided by. Default: 1e-5. */
  readonly eps?: number;
  /** Whether to learn a weight and a bias. Default: true. */
  readonly affine?: boolean;
}

/**
 * Layer norm over all nodes and features of each graph: `(x - mean) / √(variance + eps) · weight + bias`; PyG's `LayerNorm` in its mode `"graph"`. For
 * its mode `"node"` use the core's `LayerNorm`.
 *
 * As in PyG, without `batch` it divides by `√variance + eps` instead, which is another number.
 */
export class GraphLayerNorm extends GraphwiseNorm {
  readonly eps: number;
  /** `[feature]` */
  readonly weight: Parameter<Rank.R1> | null;
  /** `[feature]` */
  readonly bias: Parameter<Rank.R1> | null;
  protected readonly features: number;

  constructor(inChannels: number, options: GraphLayerNormOptions = {}) {
    super();
    checkOptions("GraphLayerNorm", options, ["eps", "affine"]);
    checkSizes("GraphLayerNorm", { inChannels });
    const { eps = 1e-5, affine = true } = options;
    checkPositive("GraphLayerNorm", { eps });
    this.eps = eps;
    this.features = inChannels;
    this.weight = affine ? initialized<Rank.R1>([inChannels], init.ones()) : null;
    this.bias = affine ? initialized<Rank.R1>([inChannels], init.zeros()) : null;
  }

  protected normalize(x: Tensor2D, graphs: Graphs | null): Tensor2D {
    const { weight, bias } = this;
    const normal = graphs === null ? this.#ofAll(x) : this.#ofEach(x, graphs);
    return weight === null || bias === null ? normal : add(mul(normal, weight), bias);
  }

  #ofAll(x: Tensor2D): Tensor2D {
    const centered = sub(x, mean(x)) as Tensor2D;
    return div(centered, add(sqrt(mean(square(centered))), this.eps));
  }

  #ofEach(x: Tensor2D, { groups, size }: Graphs): Tensor2D {
    const average = (values: Tensor2D): Tensor2D => mean(segmentMean(values, groups, size), 1, true); // [graph, 1]
    const centered = sub(x, gatherRows(average(x), groups.target)) as Tensor2D;
    const deviation = sqrt(add(average(square(centered)), this.eps)) as Tensor2D;
    return div(centered, gatherRows(deviation, groups.target));
  }
}
