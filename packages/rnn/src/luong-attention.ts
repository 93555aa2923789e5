import type { Module, Rng } from "@pellucid/core-train";
import type { SourceAttention } from "./attend.ts";

/**
 * Makes the attention of a {@link LuongDecoder}: {@link LuongDotAttention}, {@link LuongGeneralAttention} or
 * {@link LuongConcatAttention}.
 *
 * Luong, Pham and Manning, 2015. Effective approaches to attention-based neural machine translation. https://arxiv.org/abs/1508.04025
 */
export type LuongAttention = new (
  hiddenSize: number,
  options: { readonly rng: Rng },
) => Module & SourceAttention;
