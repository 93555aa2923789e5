import { checkOptions, checkRng, checkShape, checkSizes, LSTM, type Rng } from "@pellucid/core-train";
import {
  concat,
  expandDims,
  mul,
  squeeze,
  sum,
  type Tensor,
  type Tensor2D,
  zeros,
} from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";
import { segmentSoftmax, segmentSum } from "../propagate/segment.ts";
import { redraw } from "../redraw.ts";
import { Aggregation } from "./aggregation.ts";

/** Options for {@link Set2Set}. */
export interface Set2SetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * An LSTM asks each group several times: its output `q` attends to the rows, and their weighted sum `r` is its next input.
 *
 *     q = LSTM([q, r]),   a = softmax(x · q),   r = Σ a x
 *
 * The result is `[q, r]`, `[group, 2 feature]`. The order of rows does not count.
 *
 * Vinyals et al., 2015. Order matters: sequence to sequence for sets. https://arxiv.org/abs/1511.06391
 */
export class Set2Set extends Aggregation {
  readonly inChannels: number;
  readonly processingSteps: number;
  readonly lstm: LSTM;

  constructor(inChannels: number, processingSteps: number, options: Set2SetOptions) {
    super();
    checkRng("Set2Set", options);
    checkOptions("Set2Set", options, ["rng"]);
    checkSizes("Set2Set", { inChannels, processingSteps });
    this.inChannels = inChannels;
    this.processingSteps = processingSteps;
    this.lstm = new LSTM(2 * inChannels, inChannels, { rng: options.rng });
    this.resetParameters(options.rng);
  }

  /** Draws all weights anew. */
  resetParameters(rng: Rng): void {
    redraw(this.lstm, rng);
  }

  reduce(x: Tensor, groups: EdgeList, size: number): Tensor {
    const { inChannels, processingSteps, lstm } = this;
    checkShape(`Set2Set(${inChannels}, ${processingSteps})`, "x", x, ["row", inChannels]);
    const rows = x as Tensor2D;
    let state = lstm.initialState(size);
    let asked: Tensor2D = zeros([size, 2 * inChannels]);
    for (let step = 0; step < processingSteps; step++) {
      const next = lstm.step(expandDims(asked, 1), state);
      state = next.state;
      const q = squeeze<Tensor2D>(next.output, [1]); // [group, feature]
      const scores = sum(mul(rows, gatherRows(q, groups.target)), 1, true); // [row, 1]
      const weights = segmentSoftmax(scores, groups, size);
      asked = concat([q, segmentSum(mul(weights, rows) as Tensor2D, groups, size)], 1); // [group, 2 feature]
    }
    return asked;
  }

  override outChannels(inChannels: number): number {
    return 2 * inChannels;
  }
}
