import { add, addN, div, mul, sqrt, square, sum, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { minimum } from "../op/minimum.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { mapByPath } from "./map-by-path.ts";
import type { Stateless, Transform } from "./transform.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * Shortens all gradients together to norm `maxNorm` where they are longer: `g · min(1, maxNorm / (‖g‖ + 1e-6))`.
 *
 * Pascanu et al., 2013, algorithm 1. https://arxiv.org/abs/1211.5063
 *
 * The numbers are those of PyTorch's `clip_grad_norm_`.
 */
export function clipGradNorm(maxNorm: number): Transform<Stateless> {
  checkNotNegative("clipGradNorm", { maxNorm });
  return {
    init: () => ({}),
    update(gradients, state) {
      if (Object.keys(gradients).length === 0) return [gradients, state];
      const factor = minimum(div(maxNorm, add(globalNorm(gradients), 1e-6)), 1);
      return [mapByPath(gradients, (gradient) => mul(gradient, factor)), state];
    },
  };
}

/** The Euclidean norm of all tensors as one vector: one number. */
export function globalNorm(tensors: ByPath<Tensor>): Tensor {
  checkArguments("globalNorm", {
    record: { tensors },
    "tensor+": { tensors: Object.values(Object(tensors)) },
  });
  return sqrt(addN(Object.values(tensors).map((tensor) => sum(square(tensor)))));
}
