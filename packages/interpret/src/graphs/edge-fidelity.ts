import { checkArguments, OptionError } from "@pellucid/core-train";
import { spearman } from "../evaluation/spearman.ts";
import { numberOf } from "./edge-occlusion.ts";
import type { MaskedScore } from "./masked-score.ts";

/** Whether an explanation of edges is faithful. */
export interface EdgeFidelity {
  /** By how much the score falls without the important edges: large for a good explanation. */
  readonly plus: number;
  /** By how much it falls with the important edges alone: near 0 for a good one. */
  readonly minus: number;
  /** The share of edges that are not important. */
  readonly sparsity: number;
}

/**
 * Removes the important edges, and then all others, and compares scores.
 *
 * Pope et al., 2019; Yuan et al., 2022, section 7.2. https://arxiv.org/abs/2012.15445
 *
 * @param importance of each edge
 * @param count how many of the most important edges count as the explanation
 */
export async function edgeFidelity(
  score: MaskedScore,
  importance: ArrayLike<number>,
  count: number,
): Promise<EdgeFidelity> {
  checkArguments("edgeFidelity", { function: { score }, numbers: { importance } });
  const edges = importance.length;
  if (!(Number.isInteger(count) && count >= 1 && count <= edges))
    throw new OptionError("edgeFidelity", "count", count, `an integer from 1 to ${edges}`);
  const order = Array.from({ length: edges }, (_, e) => e).toSorted(
    (a, b) => (importance[b] ?? NaN) - (importance[a] ?? NaN) || a - b,
  );
  const chosen = new Set(order.slice(0, count));
  const inside = Float32Array.from({ length: edges }, (_, e) => Number(chosen.has(e)));
  const whole = await numberOf(score, new Float32Array(edges).fill(1));
  return {
    plus:
      whole -
      (await numberOf(
        score,
        inside.map((kept) => 1 - kept),
      )),
    minus: whole - (await numberOf(score, inside)),
    sparsity: 1 - count / edges,
  };
}

/** How alike explanations of one prediction are, such as those of several seeds: the mean rank correlation of all pairs, 1 if they agree. */
export function explanationStability(explanations: readonly ArrayLike<number>[]): number {
  checkArguments("explanationStability", { "numbers[]": { explanations } });
  if (explanations.length < 2)
    throw new OptionError("explanationStability", "explanations", explanations.length, "two at least");
  const pairs = explanations.flatMap((a, i) => explanations.slice(i + 1).map((b) => spearman(a, b)));
  return pairs.reduce((sum, r) => sum + r, 0) / pairs.length;
}
