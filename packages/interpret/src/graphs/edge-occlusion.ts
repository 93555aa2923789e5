import { checkArguments, checkOptions, yieldToEventLoop } from "@pellucid/core-train";
import { tensor1d, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { type MaskedScore, scoreOf } from "./masked-score.ts";

/** Options for {@link edgeOcclusion}. */
export interface EdgeOcclusionOptions extends Pick<RunOptions, "signal" | "onProgress"> {
  /** Edges that are removed together, such as both directions of each: the group of each edge. Default: each by itself. */
  readonly groups?: ArrayLike<number>;
}

/** By how much the score falls when an edge is removed, `[edge]`. Edges that replace each other both get little. */
export function edgeOcclusion(
  score: MaskedScore,
  options: EdgeOcclusionOptions = {},
): (edges: number) => Promise<Tensor1D> {
  checkArguments("edgeOcclusion", { function: { score } });
  checkOptions("edgeOcclusion", options, ["groups", "signal", "onProgress"]);
  const { groups, signal, onProgress } = options;
  return async (edges) => {
    checkCount("edgeOcclusion", "edges", edges);
    const group = Array.from({ length: edges }, (_, e) => groups?.[e] ?? e);
    const whole = await numberOf(score, new Float32Array(edges).fill(1));
    const falls = new Map<number, number>();
    const all = [...new Set(group)];
    for (const [done, one] of all.entries()) {
      signal?.throwIfAborted();
      falls.set(
        one,
        whole -
          (await numberOf(
            score,
            Float32Array.from(group, (g) => Number(g !== one)),
          )),
      );
      onProgress?.(done + 1, all.length);
      await yieldToEventLoop();
    }
    return tensor1d(Float32Array.from(group, (g) => falls.get(g) as number));
  };
}

/** The score of a mask. */
export async function numberOf(score: MaskedScore, mask: Float32Array): Promise<number> {
  const found = tidy(() => scoreOf("a score of edges", score, tensor1d(mask)));
  try {
    return (await found.data())[0] ?? NaN;
  } finally {
    found.dispose();
  }
}
