import { checkArguments, checkNotNegative, checkOptions } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { attribute } from "./attribute.ts";
import type { KAN } from "./kan.ts";
import { subset } from "./subset.ts";

/** Options for {@link prune}. */
export interface PruneOptions {
  /** Hidden nodes with a score above stay; of each layer one at least. Default: 0.01. */
  readonly nodeThreshold?: number;
  /** Edges with a score above stay. Default: 0.03. */
  readonly edgeThreshold?: number;
}

/**
 * A smaller network, without the hidden nodes and edges on which the outputs hardly depend, see {@link attribute}. Inputs and outputs stay.
 *
 * Liu et al., 2024, section 2.5.1, and KAN 2.0, section 4.1, as pykan's `prune`.
 *
 * @param x two examples or more, `[batch, in]`
 * @returns a new network, the caller's; `model` has not changed
 */
export async function prune(model: KAN, x: Tensor2D, options: PruneOptions = {}): Promise<KAN> {
  checkArguments("prune", { "{ actFun, symbolicFun }": { model }, tensor: { x } });
  checkOptions("prune", options, ["nodeThreshold", "edgeThreshold"]);
  const { nodeThreshold = 0.01, edgeThreshold = 0.03 } = options;
  checkNotNegative("prune", { nodeThreshold, edgeThreshold });
  const { nodes } = await attribute(model, x);
  const kept = nodes.map((scores, l) => {
    const all = [...scores.keys()];
    if (l === 0 || l === nodes.length - 1) return all;
    const above = all.filter((node) => (scores[node] ?? NaN) > nodeThreshold);
    return above.length > 0 ? above : [scores.indexOf(Math.max(...scores))];
  });
  const small = subset(model, kept);
  try {
    const { edges } = await attribute(small, x);
    for (const [l, rows] of edges.entries())
      for (const [i, row] of rows.entries())
        for (const [o, score] of row.entries()) if (!(score > edgeThreshold)) small.removeEdge(l, i, o);
    return small;
  } catch (error) {
    small.dispose();
    throw error;
  }
}
