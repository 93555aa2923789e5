import {
  initialized,
  Linear,
  Module,
  type Parameter,
  type Rng,
  init,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import {
  broadcastTo,
  concat,
  expandDims,
  mul,
  type Rank,
  sum,
  tanh,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { attend, type Attended, type Memory, type SourceAttention } from "./attend.ts";

/**
 * Luong's attention with `score = v · tanh(W [query, memory] + b)`, with the names of PyTorch's chatbot tutorial, `attn` and `v`. The
 * tutorial does not initialize `v`; here it is drawn uniformly within `± 1 / √hidden`.
 */
export class LuongConcatAttention extends Module implements SourceAttention {
  readonly attn: Linear;
  /** `[hidden]` */
  readonly v: Parameter<Rank.R1>;

  constructor(hiddenSize: number, options: { readonly rng: Rng }) {
    super();
    checkRng("LuongConcatAttention", options);
    checkSizes("LuongConcatAttention", { hiddenSize });
    const { rng } = options;
    const bound = 1 / Math.sqrt(hiddenSize);
    this.attn = new Linear(2 * hiddenSize, hiddenSize, { rng });
    this.v = initialized([hiddenSize], init.uniform(-bound, bound), rng);
  }

  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, source: Memory): Attended {
    const { memory } = source;
    return tidy(() => {
      const repeated = broadcastTo<Rank.R3>(expandDims(query, 1), memory.shape); // [batch, source, hidden]
      const both: Tensor3D = concat([repeated, memory], 2); // [batch, source, 2 hidden]
      return attend(sum(mul(tanh(this.attn.forward(both)), this.v), 2), source);
    });
  }
}
