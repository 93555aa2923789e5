import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  dropout,
  init,
  initialize,
  initialized,
  isTraining,
  type Parameter,
  relu,
  type Rng,
  matMul,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mean,
  type Rank,
  reshape,
  slice,
  stack,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { sendSum } from "../propagate/send.ts";
import { glorot } from "../redraw.ts";
import { gcnNorm } from "./gcn-norm.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link ARMAConv}. */
export interface ARMAConvOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many filters are averaged. Default: 1. */
  readonly numStacks?: number;
  /** How many steps each filter has. Default: 1. */
  readonly numLayers?: number;
  /** Whether the steps share their weights. Default: false. */
  readonly sharedWeights?: boolean;
  /** The activation after each step; null for none. Default: ReLU. */
  readonly act?: ((x: Tensor2D) => Tensor2D) | null;
  /** Which part of the features of the skip connection is dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Whether to add biases. Default: true. */
  readonly bias?: boolean;
}

/**
 * Auto-regressive moving-average filters: each of the `K` stacks repeats `y ← act(L y W + x V + b)`, and the stacks are averaged. `L` are normalized edges
 * without self-loops.
 *
 * Bianchi et al., 2021. https://arxiv.org/abs/1901.01343
 */
export class ARMAConv extends MessagePassing {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly numLayers: number;
  readonly sharedWeights: boolean;
  readonly act: ((x: Tensor2D) => Tensor2D) | null;
  readonly dropout: number;
  readonly rng: Rng;
  /** `[step, stack, out, out]`, of all steps but the first */
  readonly weight: Parameter<Rank.R4>;
  /** `[stack, in, out]` */
  readonly initWeight: Parameter<Rank.R3>;
  /** `[step, stack, in, out]` */
  readonly rootWeight: Parameter<Rank.R4>;
  /** `[step, stack, 1, out]` */
  readonly bias: Parameter<Rank.R4> | null;

  constructor(inChannels: number, outChannels: number, options: ARMAConvOptions) {
    super();
    checkRng("ARMAConv", options);
    checkOptions("ARMAConv", options, [
      "rng",
      "numStacks",
      "numLayers",
      "sharedWeights",
      "act",
      "dropout",
      "bias",
    ]);
    const { rng, numStacks = 1, numLayers = 1, sharedWeights = false, act = relu, dropout: p = 0 } = options;
    checkSizes("ARMAConv", { inChannels, outChannels, numStacks, numLayers });
    checkProbabilities("ARMAConv", { dropout: p });
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.numLayers = numLayers;
    this.sharedWeights = sharedWeights;
    this.act = act;
    this.dropout = p;
    this.rng = rng;
    const own = sharedWeights ? 1 : numLayers;
    this.weight = initialized<Rank.R4>(
      [Math.max(1, own - 1), numStacks, outChannels, outChannels],
      init.zeros(),
    );
    this.initWeight = initialized<Rank.R3>([numStacks, inChannels, outChannels], init.zeros());
    this.rootWeight = initialized<Rank.R4>([own, numStacks, inChannels, outChannels], init.zeros());
    this.bias =
      options.bias === false ? null : initialized<Rank.R4>([own, numStacks, 1, outChannels], init.zeros());
    this.resetParameters(rng);
  }

  /** Draws the weights anew. */
  resetParameters(rng: Rng): void {
    for (const field of ["weight", "initWeight", "rootWeight"] as const)
      initialize<ARMAConv>(this, field, glorot, rng);
  }

  /** @returns `[node, out]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, outChannels, numLayers, sharedWeights, act, bias, initWeight } = this;
    const caller = `ARMAConv(${inChannels}, ${outChannels})`;
    const { source: x, edges: given, size } = endsOf(caller, graph, inChannels);
    const stacks = initWeight.shape[0];
    return tidy(() => {
      const { edges, weight } = gcnNorm(given, graph.edgeWeight, size, { addSelfLoops: false });
      const initial = (k: number) =>
        reshape<Rank.R2>(slice(initWeight, [k, 0, 0], [1, inChannels, outChannels]), [
          inChannels,
          outChannels,
        ]);
      let all: Tensor2D[] = Array.from({ length: stacks }, () => x);
      for (let t = 0; t < numLayers; t++) {
        const step = sharedWeights ? 0 : t;
        const mapped = all.map(
          (out, k) =>
            matMul(out, t === 0 ? initial(k) : matrix(this.weight, sharedWeights ? 0 : t - 1, k)) as Tensor2D,
        );
        const sums = sendSum(concat(mapped, 1), weight, edges, size, this.messages); // [node, stack · out]
        const skipped = isTraining(this) ? dropout(x, this.dropout, { rng: this.rng }) : x;
        all = Array.from({ length: stacks }, (_, k) => {
          const sum = slice(sums, [0, k * outChannels], [size, outChannels]);
          const root = add(sum, matMul(skipped, matrix(this.rootWeight, step, k)));
          const out = (bias === null ? root : add(root, matrix(bias, step, k))) as Tensor2D;
          return act === null ? out : act(out);
        });
      }
      return mean(stack(all) as Tensor3D, 0); // [node, out]
    });
  }
}

function matrix(weights: Tensor4D, step: number, k: number): Tensor2D {
  const [, , rows, columns] = weights.shape;
  return reshape<Rank.R2>(slice(weights, [step, k, 0, 0], [1, 1, rows, columns]), [rows, columns]);
}
