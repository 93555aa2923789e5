import {
  abs,
  amax,
  checkOptions,
  checkPositive,
  checkRng,
  checkSizes,
  defineOp,
  detach,
  Linear,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  clone,
  concat,
  expandDims,
  mul,
  reshape,
  sub,
  sum,
  tanh,
  type Rank,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { gatherRows } from "../propagate/gather-rows.ts";
import { messageGroups } from "../propagate/groups.ts";
import { countsOf, segmentSum } from "../propagate/segment.ts";
import { observed } from "../propagate/send.ts";
import { type ConvGraph, endsOf, MessagePassing } from "./message-passing.ts";

/** Options for {@link ScarselliConv}. */
export interface ScarselliConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How much an application shortens distances at least, below 1. Default: 0.9. */
  readonly contraction?: number;
  /** The largest change of a state at which it has settled. Default: 1e-6. */
  readonly tolerance?: number;
  /** How often the states are computed at most. Default: 200. */
  readonly maxIterations?: number;
}

/** Passes its input on; its gradient solves `u = dy + Jᵀ u`, where `J` is the derivative of one application at the fixed point. */
const settle = defineOp({
  name: "PellucidImplicitGradient",
  inputs: { y: "float32[node, state]" },
  reference: ({ y }): Tensor2D => clone(y),
  gradient: (dy, _, { solve }: { readonly solve: (dy: Tensor2D) => Tensor2D }) => ({
    y: (): Tensor => solve(dy),
  }),
});

/**
 * The original graph neural network: the state of each node is the fixed point of what its neighbours send,
 *
 *     hᵢ = Σ over j → i of A(xᵢ, xⱼ) hⱼ + b(xᵢ),   A = μ / (s · out-degree of j) · tanh(linear([xᵢ, xⱼ])) as a matrix of s × s
 *
 * which is reached from any start, as each application shortens distances by `μ`. The gradient is that of the fixed point itself, and takes no
 * more memory for more iterations.
 *
 * Scarselli et al., 2009. The graph neural network model, the linear form of section III. https://ieeexplore.ieee.org/document/4700287
 *
 * PyG has no such layer.
 */
export class ScarselliConv extends MessagePassing {
  readonly inChannels: number;
  readonly stateChannels: number;
  readonly contraction: number;
  readonly tolerance: number;
  readonly maxIterations: number;
  /** From both ends of an edge to its matrix: `[2 in, state²]`. */
  readonly transition: Linear;
  /** From a node to what it has of its own: `[in, state]`. */
  readonly forcing: Linear;

  constructor(inChannels: number, stateChannels: number, options: ScarselliConvOptions) {
    super();
    checkRng("ScarselliConv", options);
    checkOptions("ScarselliConv", options, ["rng", "contraction", "tolerance", "maxIterations"]);
    const { rng, contraction = 0.9, tolerance = 1e-6, maxIterations = 200 } = options;
    checkSizes("ScarselliConv", { inChannels, stateChannels, maxIterations });
    checkPositive("ScarselliConv", { tolerance, contraction, "1 - contraction": 1 - contraction });
    this.inChannels = inChannels;
    this.stateChannels = stateChannels;
    this.contraction = contraction;
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
    this.transition = new Linear(2 * inChannels, stateChannels * stateChannels, { rng });
    this.forcing = new Linear(inChannels, stateChannels, { rng });
  }

  /** @returns the states, `[node, state]` */
  forward(graph: ConvGraph): Tensor2D {
    const { inChannels, stateChannels: s, contraction } = this;
    const { source: x, edges, size } = endsOf(`ScarselliConv(${inChannels}, ${s})`, graph, inChannels);
    return tidy(() => {
      const sent = countsOf(messageGroups(edges.reversed), size);
      const shares = tensor2d(
        Float32Array.from(edges.source, (j) => contraction / (s * Math.max(1, sent[j] ?? NaN))),
        [edges.length, 1],
      );
      const ends = concat([gatherRows(x, edges.target), gatherRows(x, edges.source)], 1); // [edge, 2 in]
      const matrices = mul(tanh(this.transition.forward(ends)), shares) as Tensor2D; // [edge, s²]
      const own = tanh(this.forcing.forward(x));
      const apply = (state: Tensor2D, by: Tensor2D, constant: Tensor2D): Tensor2D => {
        const messages = timesEach(by, gatherRows(state, edges.source), 2);
        return add(
          segmentSum(observed(messages, edges, this.messages), messageGroups(edges), size),
          constant,
        );
      };
      const [fixedMatrices, fixedOwn] = [detach(matrices), detach(own)];
      const state = this.#iterate(zeros<Rank.R2>([size, s]), (now) => apply(now, fixedMatrices, fixedOwn));
      const once = apply(detach(state), matrices, own);
      const back = messageGroups(edges.reversed); // from edges to their sources
      const pull = (u: Tensor2D): Tensor2D =>
        segmentSum(timesEach(fixedMatrices, gatherRows(u, edges.target), 1), back, size);
      const solve = (dy: Tensor2D): Tensor2D => this.#iterate(dy, (u) => add(dy, pull(u)));
      return settle({ y: once }, { solve });
    });
  }

  /** Applies a contraction until nothing changes any more. */
  #iterate(start: Tensor2D, next: (now: Tensor2D) => Tensor2D): Tensor2D {
    let now = start;
    for (let i = 0; i < this.maxIterations; i++) {
      const after = tidy(() => next(now));
      const change = tidy(() => amax(abs(sub(after, now))).dataSync()[0] ?? NaN);
      if (now !== start) now.dispose();
      now = after;
      if (!(change > this.tolerance)) break;
    }
    return now;
  }
}

/** Each row times a matrix of its own, or with axis 1 its transpose: `[row, s · s]`, `[row, s]` -> `[row, s]`. */
function timesEach(matrices: Tensor2D, rows: Tensor2D, axis: 1 | 2): Tensor2D {
  const [count, s] = rows.shape;
  if (count === 0) return rows;
  return sum(mul(reshape<Rank.R3>(matrices, [count, s, s]), expandDims(rows, axis === 2 ? 1 : 2)), axis);
}
