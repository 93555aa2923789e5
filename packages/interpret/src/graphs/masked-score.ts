import { OptionError } from "@pellucid/core-train";
import { reshape, type Scalar, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";

/**
 * A score as a function of the edges: the mask has a number for each edge, by which its messages are multiplied: 1 keeps an edge, 0 removes it. The result is one number, differentiable in the mask.
 *
 * ```ts
 * const score: MaskedScore = (mask) => maskEdges(model, graph.edgeIndex, mask, () => nodeScore(model, 7, 1)(graph));
 * ```
 */
export type MaskedScore = (mask: Tensor1D) => Tensor;

/** The one number that a score gives. */
export function scoreOf(caller: string, score: MaskedScore, mask: Tensor1D): Scalar {
  return tidy(() => {
    const found = score(mask);
    if (found.size === 1) return reshape(found, []) as Scalar;
    throw new OptionError(
      caller,
      "score",
      `a function that returns [${found.shape.join(", ")}]`,
      "one number",
    );
  });
}
