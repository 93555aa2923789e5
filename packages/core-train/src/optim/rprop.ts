import { fill, greater, less, mul, neg, scalar, type Tensor, where, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { sign } from "../op/sign.ts";
import { clamp } from "../op/clamp.ts";
import { ascend } from "./ascend.ts";
import { chain } from "./chain.ts";
import { checkOption } from "../check-option.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link rprop}. */
export interface RpropOptions {
  /** The initial step size of every entry. Default: 1e-2. */
  readonly learningRate?: number;
  /** Factors of the step size: where the gradient changes sign, and where it does not. Default: [0.5, 1.2]. */
  readonly etas?: readonly [number, number];
  /** The smallest and the largest step size. Default: [1e-6, 50]. */
  readonly stepSizes?: readonly [number, number];
  /** Whether to maximize the objective. Default: false. */
  readonly maximize?: boolean;
}

/** State of Rprop for a parameter. */
export interface RpropSlot {
  /** The last gradient, 0 where its sign changed. */
  readonly prev: Tensor;
  /** The step size of each entry. */
  readonly stepSize: Tensor;
}

/**
 * Steps by the sign of the gradient alone: the step size grows while the sign stays, and shrinks when it changes. For full
 * batches, as the noise of small ones changes signs.
 *
 * Riedmiller and Braun, 1993. https://doi.org/10.1109/ICNN.1993.298623
 *
 * The numbers are those of `torch.optim.Rprop`. There is no schedule: step sizes adapt by themselves.
 */
export function rprop(options: RpropOptions = {}): Transform<PerParameter<RpropSlot>> {
  checkOptions("rprop", options, ["learningRate", "etas", "stepSizes", "maximize"]);
  const { learningRate = 1e-2, etas = [0.5, 1.2], stepSizes = [1e-6, 50], maximize = false } = options;
  const [shrink, grow] = etas;
  checkNotNegative("rprop", { learningRate });
  checkOption("rprop", "etas", etas, 0 < shrink && shrink < 1 && 1 < grow, "[in (0, 1), above 1]");
  checkOption(
    "rprop",
    "stepSizes",
    stepSizes,
    0 <= stepSizes[0] && stepSizes[0] <= stepSizes[1],
    "[least ≥ 0, most]",
  );
  const scale = perParameter<RpropSlot>({
    init: (parameter) => ({ prev: zerosLike(parameter), stepSize: fill(parameter.shape, learningRate) }),
    update(gradient, slot) {
      const agreement = mul(gradient, slot.prev);
      const changed = less(agreement, 0);
      const factor = where(changed, scalar(shrink), where(greater(agreement, 0), scalar(grow), scalar(1)));
      const stepSize = clamp(mul(slot.stepSize, factor), ...stepSizes);
      const prev = where(changed, scalar(0), gradient);
      return [neg(mul(sign(prev), stepSize)), { prev, stepSize }];
    },
  });
  const parts = chain(ascend(maximize), scale);
  return {
    init: (parameters) => scale.init(parameters),
    update(gradients, state, parameters) {
      const [updates, [, next]] = parts.update(gradients, [{}, state], parameters);
      return [updates, next];
    },
  };
}
