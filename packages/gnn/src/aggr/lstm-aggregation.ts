import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  LSTM,
  lastTimeStep,
  type Rng,
} from "@pellucid/core-train";
import { squeeze, type Tensor, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { redraw } from "../redraw.ts";
import { Aggregation } from "./aggregation.ts";
import { denseGroups } from "./dense-groups.ts";

/** Options for {@link LSTMAggregation}. */
export interface LSTMAggregationOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * An LSTM reads the rows of each group in their order, then zeros up to the length of the largest group; its last output is the
 * result. The order of rows counts. PyG refuses rows whose groups are not sorted; here they are read in the order that sorting would give.
 *
 * Hamilton et al., 2017. Inductive representation learning on large graphs. https://arxiv.org/abs/1706.02216
 */
export class LSTMAggregation extends Aggregation {
  readonly inChannels: number;
  readonly features: number;
  readonly lstm: LSTM;

  constructor(inChannels: number, outChannels: number, options: LSTMAggregationOptions) {
    super();
    checkRng("LSTMAggregation", options);
    checkOptions("LSTMAggregation", options, ["rng"]);
    checkSizes("LSTMAggregation", { inChannels, outChannels });
    this.inChannels = inChannels;
    this.features = outChannels;
    this.lstm = new LSTM(inChannels, outChannels, { rng: options.rng });
    this.resetParameters(options.rng);
  }

  /** Draws all weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.lstm, rng);
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    checkShape(`LSTMAggregation(${this.inChannels}, ${this.features})`, "x", x, ["row", this.inChannels]);
    if (groups.length === 0) return zeros([size, this.features]);
    const sequences = denseGroups(x as Tensor2D, groups, size, 0); // [group, longest, feature]
    return squeeze<Tensor2D>(lastTimeStep(this.lstm.forward(sequences)), [1]); // [group, feature]
  }

  override outChannels(): number {
    return this.features;
  }
}
