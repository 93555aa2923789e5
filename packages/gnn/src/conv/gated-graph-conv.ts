import {
  checkOptions,
  checkRng,
  checkSizes,
  GRUCell,
  init,
  initialize,
  initialized,
  type Parameter,
  type Rng,
  ShapeError,
  matMul,
} from "@pellucid/core-train";
import { concat, type Rank, reshape, slice, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { aggregationOf, type AggregationName } from "../aggr/aggregation-of.ts";
import type { Aggregation } from "../aggr/aggregation.ts";
import { column } from "../propagate/segment.ts";
import { redraw } from "../redraw.ts";
import { aggregateSources } from "./aggregate-sources.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link GatedGraphConv}. */
export interface GatedGraphConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How messages become one. Default: `"add"`. */
  readonly aggr?: AggregationName | Aggregation;
  /** Whether the GRU has biases. Default: true. */
  readonly bias?: boolean;
}

/**
 * Gated graph network: in each of several steps `h ← GRU(Σ w hⱼ W_t, h)`. It starts from the features, with zeros behind them.
 *
 * Li et al., 2016. Gated graph sequence neural networks. https://arxiv.org/abs/1511.05493
 */
export class GatedGraphConv extends MessagePassing {
  readonly outChannels: number;
  readonly aggrModule: Aggregation;
  /** `[step, out, out]` */
  readonly weight: Parameter<Rank.R3>;
  readonly rnn: GRUCell;

  constructor(outChannels: number, numLayers: number, options: GatedGraphConvOptions) {
    super();
    checkRng("GatedGraphConv", options);
    checkOptions("GatedGraphConv", options, ["rng", "aggr", "bias"]);
    checkSizes("GatedGraphConv", { outChannels, numLayers });
    const { rng, aggr = "add", bias = true } = options;
    this.outChannels = outChannels;
    this.aggrModule = aggregationOf("GatedGraphConv", aggr);
    const size = numLayers * outChannels * outChannels;
    this.weight = initialized<Rank.R3>([numLayers, outChannels, outChannels], (shape) => ({
      data: new Float32Array(size),
      shape,
    }));
    this.rnn = new GRUCell(outChannels, outChannels, { rng, bias });
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    const bound = 1 / Math.sqrt(this.outChannels);
    initialize<GatedGraphConv>(this, "weight", init.uniform(-bound, bound), rng);
    redraw(this.rnn, rng);
  }

  /**
   * @returns `[node, out]`
   * @throws {ShapeError} If there are more features than `out`.
   */
  forward(graph: ConvGraph): Tensor2D {
    const { outChannels: out, weight, rnn } = this;
    const caller = `GatedGraphConv(${out}, ${weight.shape[0]})`;
    const { source: x, edges, size } = endsOf(caller, graph, graph.x.shape[1]);
    const missing = out - x.shape[1];
    if (missing < 0)
      throw new ShapeError(`${caller}: x is [${x.shape.join(", ")}], expected at most ${out} features.`);
    return tidy(() => {
      const weights = graph.edgeWeight === undefined ? null : column(graph.edgeWeight);
      let state = missing === 0 ? x : concat([x, zeros<Rank.R2>([size, missing])], 1); // [node, out]
      for (let step = 0; step < weight.shape[0]; step++) {
        const matrix = reshape<Rank.R2>(slice(weight, [step, 0, 0], [1, out, out]), [out, out]);
        const sent: Tensor2D = matMul(state, matrix);
        const sums = aggregateSources(sent, weights, edges, size, this.aggrModule, this.messages);
        state = rnn.step(sums, { h: state }).output; // [node, out]
      }
      return state;
    });
  }
}
