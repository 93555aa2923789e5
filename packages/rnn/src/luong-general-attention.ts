import { Linear, matMul, Module, type Rng, checkRng } from "@pellucid/core-train";
import { expandDims, reshape, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { attend, type Attended, type Memory, type SourceAttention } from "./attend.ts";

/** Luong's attention with `score = query · (W memory + b)`. Its layer has the name of PyTorch's chatbot tutorial, `attn`. */
export class LuongGeneralAttention extends Module implements SourceAttention {
  readonly attn: Linear;

  constructor(hiddenSize: number, options: { readonly rng: Rng }) {
    super();
    checkRng("LuongGeneralAttention", options);
    const { rng } = options;
    this.attn = new Linear(hiddenSize, hiddenSize, { rng });
  }

  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, source: Memory): Attended {
    const [batch, time] = source.memory.shape;
    return tidy(() => {
      const column = expandDims(query, 2); // [batch, hidden, 1]
      return attend(reshape(matMul(this.attn.forward(source.memory), column), [batch, time]), source);
    });
  }
}
