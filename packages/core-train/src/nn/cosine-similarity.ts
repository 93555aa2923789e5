import { checkIntegers, checkNotNegative } from "../check-values.ts";
import {
  div,
  equal,
  expandDims,
  mul,
  sqrt,
  square,
  squeeze,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineOp } from "../op/define-op.ts";
import { resolveAxis } from "../op/resolve-axis.ts";
import type { Pair } from "./pair.ts";
import { maximum } from "../op/maximum.ts";
import { checkSameShape } from "../check-same-shape.ts";

/** Options for {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The axis of the vectors. Default: the last; PyTorch's is the second. */
  readonly axis?: number;
  /** The lower bound of the norm of a vector, so that the similarity with a vector of zeros is 0. Default: 1e-8. */
  readonly eps?: number;
}

const op = defineOp({
  name: "PellucidCosineSimilarity",
  inputs: { x1: "float32", x2: "float32" },
  reference: ({ x1, x2 }, { axis, eps }: Required<CosineSimilarityOptions>): Tensor =>
    squeeze(cosine(x1, x2, axis, eps), [axis]),
  gradient: (dy, { x1, x2 }, { axis, eps }) => ({
    x1: () => mul(expandDims(dy, axis), gradientOf(x1, x2, axis, eps)),
    x2: () => mul(expandDims(dy, axis), gradientOf(x2, x1, axis, eps)),
  }),
});

/**
 * The cosine of the angle between vectors: `x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps))`.
 *
 * @param x2 of the shape of `x1`; PyTorch broadcasts it
 * @returns the shape of `x1` without the axis
 */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  { axis = -1, eps = 1e-8 }: CosineSimilarityOptions = {},
): Tensor {
  checkNotNegative("cosineSimilarity", { eps });
  checkSameShape("cosineSimilarity", { x1, x2 });
  return op({ x1, x2 }, { axis: resolveAxis("cosineSimilarity", axis, x1), eps });
}

/** {@link cosineSimilarity} as a layer. */
export class CosineSimilarity extends Module implements Layer<Pair, Tensor> {
  readonly axis: number;
  readonly eps: number;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    checkOptions("CosineSimilarity", options, ["axis", "eps"]);
    const { axis = -1, eps = 1e-8 } = options;
    checkIntegers("CosineSimilarity", { axis });
    checkNotNegative("CosineSimilarity", { eps });
    this.axis = axis;
    this.eps = eps;
  }

  /** @returns the shape of `x1` without the axis */
  forward({ x1, x2 }: Pair): Tensor {
    checkSameShape("CosineSimilarity", { x1, x2 });
    return tidy(() => cosineSimilarity(x1, x2, this));
  }
}

function cosine(x1: Tensor, x2: Tensor, axis: number, eps: number): Tensor {
  const [along1, along2] = [div(x1, atLeast(length(x1, axis), eps)), div(x2, atLeast(length(x2, axis), eps))];
  return sum(mul(along1, along2), axis, true);
}

/** The gradient with respect to `x1`. As in PyTorch, `eps` bounds the norm, not its gradient. */
function gradientOf(x1: Tensor, x2: Tensor, axis: number, eps: number): Tensor {
  const exact = length(x1, axis);
  const floored = atLeast(exact, eps);
  const direction = div(x1, where(equal(exact, 0), 1, exact));
  const across = sub(div(x2, atLeast(length(x2, axis), eps)), mul(cosine(x1, x2, axis, eps), direction));
  return div(across, floored);
}

function length(x: Tensor, axis: number): Tensor {
  return sqrt(sum(square(x), axis, true));
}

function atLeast(x: Tensor, least: number): Tensor {
  return maximum(x, least);
}
