import { checkArguments, checkOptions } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { KAN } from "./kan.ts";
import { suggestSymbolic, type SuggestSymbolicOptions, type SymbolicSuggestion } from "./suggest-symbolic.ts";

/** Options for {@link autoSymbolic}. */
export interface AutoSymbolicOptions extends SuggestSymbolicOptions {
  /** Edges whose best function is worse keep their spline. Default: 0. */
  readonly r2Threshold?: number;
}

/**
 * Locks every edge to the best of {@link suggestSymbolic}, layer by layer, as pykan's `auto_symbolic`. Removed edges stay removed.
 *
 * @param x `[batch, in]`
 * @returns the functions that were taken, with the edge of each
 */
export async function autoSymbolic(
  model: KAN,
  x: Tensor2D,
  options: AutoSymbolicOptions = {},
): Promise<(SymbolicSuggestion & { readonly edge: readonly [l: number, i: number, o: number] })[]> {
  checkArguments("autoSymbolic", { "{ actFun, symbolicFun }": { model }, tensor: { x } });
  checkOptions("autoSymbolic", options, ["aRange", "bRange", "functions", "weightSimple", "r2Threshold"]);
  const { r2Threshold = 0, ...suggesting } = options;
  const taken: (SymbolicSuggestion & { readonly edge: readonly [number, number, number] })[] = [];
  for (const [l, { inDim, outDim, mask }] of model.actFun.entries()) {
    const used = Float32Array.from(await mask.data());
    for (let i = 0; i < inDim; i++)
      for (let o = 0; o < outDim; o++) {
        if (used[i * outDim + o] === 0) continue;
        const [best] = await suggestSymbolic(model, l, i, o, x, suggesting);
        if (best === undefined || best.r2 < r2Threshold) continue;
        model.fixSymbolic(l, i, o, best.name, best.affine);
        taken.push({ ...best, edge: [l, i, o] });
      }
  }
  return taken;
}
