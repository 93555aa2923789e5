import { matMul, Module } from "@pellucid/core-train";
import { expandDims, reshape, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { attend, type Attended, type Memory, type SourceAttention } from "./attend.ts";

/** Luong's attention with `score = query · memory`, without weights. */
export class LuongDotAttention extends Module implements SourceAttention {
  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, source: Memory): Attended {
    const [batch, time] = source.memory.shape;
    return tidy(() => {
      const column = expandDims(query, 2); // [batch, hidden, 1]
      return attend(reshape(matMul(source.memory, column), [batch, time]), source);
    });
  }
}
