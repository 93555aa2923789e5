import { Linear, matMul, Module, type Parameter, parameter, type Rng } from "@pellucid/core-train";
import {
  broadcastTo,
  concat,
  expandDims,
  mul,
  type Rank,
  reshape,
  sum,
  tanh,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { attend, type Attended, type Memory } from "./attend.ts";

/** How a {@link LuongAttention} compares: `q · y`, `q · W y`, or `v · tanh(W [q, y])`. */
export type LuongScore = "dot" | "general" | "concat";

/** Options of a {@link LuongAttention}. */
export interface LuongAttentionOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** Default: dot. */
  readonly score?: LuongScore;
}

/**
 * Multiplicative attention, with the names of PyTorch's chatbot tutorial, `attn` and `v`; which leaves `v` as the memory was, where
 * we draw it uniformly within `± 1 / √hidden`.
 *
 * Luong, Pham and Manning, 2015. Effective approaches to attention-based neural machine translation. https://arxiv.org/abs/1508.04025
 */
export class LuongAttention extends Module {
  readonly score: LuongScore;
  readonly attn: Linear | null;
  /** `[hidden]` */
  readonly v: Parameter<Rank.R1> | null;

  constructor(hiddenSize: number, { rng, score = "dot" }: LuongAttentionOptions) {
    super();
    const inputs = { dot: 0, general: hiddenSize, concat: 2 * hiddenSize }[score];
    const bound = 1 / Math.sqrt(hiddenSize);
    this.score = score;
    this.attn = inputs === 0 ? null : new Linear(inputs, hiddenSize, { rng });
    this.v = score === "concat" ? parameter<Rank.R1>(rng.uniform([hiddenSize], -bound, bound)) : null;
  }

  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, memory: Memory): Attended {
    return tidy(() => attend(this.#scores(query, memory.y), memory));
  }

  #scores(query: Tensor2D, y: Tensor3D): Tensor2D {
    const [batch, time, hidden] = y.shape;
    const { attn, v } = this;
    const column = expandDims<Tensor3D>(query, 2); // [batch, hidden, 1]
    if (attn === null) return reshape(matMul(y, column), [batch, time]);
    if (v === null) return reshape(matMul(attn.forward(y), column), [batch, time]);
    const both: Tensor3D = concat([broadcastTo(expandDims(query, 1), [batch, time, hidden]), y], 2);
    return sum(mul(tanh(attn.forward(both)), v), 2);
  }
}
