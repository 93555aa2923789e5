import { checkArguments, checkOptions, gradient } from "@pellucid/core-train";
import { add, mul, ones, type Tensor1D, tidy, zeros } from "@tensorflow/tfjs-core";
import { gaussLegendre } from "../gradients/gauss-legendre.ts";
import { checkCount } from "../run/check-count.ts";
import { type MaskedScore, scoreOf } from "./masked-score.ts";

/**
 * How much the score changes with each edge: the gradient at a mask of ones, `[edge]`. Cheap, but blind where the model is saturated.
 *
 * Baldassarre and Azizpour, 2019. https://arxiv.org/abs/1905.13686
 */
export function edgeGradients(score: MaskedScore): (edges: number) => Tensor1D {
  checkArguments("edgeGradients", { function: { score } });
  return (edges) => {
    checkCount("edgeGradients", "edges", edges);
    return tidy(() => gradient((mask: Tensor1D) => scoreOf("edgeGradients", score, mask))(ones([edges])));
  };
}

/** Options for {@link edgeIntegratedGradients}. */
export interface EdgeIntegratedGradientsOptions {
  /** Number of quadrature nodes. Default: 20. */
  readonly steps?: number;
}

/**
 * The gradient of the score integrated while all edges fade in together, from a graph without edges: the contributions, `[edge]`, add up to the score minus that without edges.
 *
 * An edge that speaks against the score has a negative contribution. To find the edges that matter either way, rank them by absolute value.
 *
 * Sundararajan, Taly and Yan, 2017, for edges. https://arxiv.org/abs/1703.01365
 */
export function edgeIntegratedGradients(
  score: MaskedScore,
  options: EdgeIntegratedGradientsOptions = {},
): (edges: number) => Tensor1D {
  checkArguments("edgeIntegratedGradients", { function: { score } });
  checkOptions("edgeIntegratedGradients", options, ["steps"]);
  const { steps = 20 } = options;
  checkCount("edgeIntegratedGradients", "steps", steps);
  const { nodes, weights } = gaussLegendre(steps);
  return (edges) => {
    checkCount("edgeIntegratedGradients", "edges", edges);
    return tidy(() => {
      const at = gradient((mask: Tensor1D) => scoreOf("edgeIntegratedGradients", score, mask));
      return nodes.reduce<Tensor1D>(
        (sum, node, i) =>
          add(sum, mul(at(mul(ones<Tensor1D["rankType"]>([edges]), node)), weights[i] ?? NaN)),
        zeros([edges]),
      );
    });
  };
}
