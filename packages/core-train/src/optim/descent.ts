import type { Scheduled } from "../schedule/schedule.ts";
import { AddWeightDecay, type PathPredicate } from "./add-weight-decay.ts";
import { ascend } from "./ascend.ts";
import { chain } from "./chain.ts";
import { DecayWeights } from "./decay-weights.ts";
import type { PerParameter } from "./per-parameter.ts";
import { ScaleByLearningRate } from "./scale-by-learning-rate.ts";
import type { Transform } from "./transform.ts";

/** Options of all optimizers. */
export interface DescentOptions {
  /** The learning rate; a function of the step is a schedule. */
  readonly learningRate?: Scheduled;
  /** The weight of an L2 penalty, `½ · weightDecay · Σ θ²`, whose gradient is added. Default: 0. */
  readonly weightDecay?: number;
  /** Selects the parameters that decay, by their path. Default: all. */
  readonly mask?: PathPredicate;
  /** Whether to maximize the objective. Default: false. */
  readonly maximize?: boolean;
}

/** The names of {@link DescentOptions}. */
export const descentOptions = ["learningRate", "weightDecay", "mask", "maximize"] as const;

/** {@link DescentOptions} with what has no common default. */
interface Descent extends DescentOptions {
  readonly learningRate: Scheduled;
  /** Whether the weight decay is decoupled from the gradient, as in `adamw`. */
  readonly decoupledWeightDecay?: boolean;
}

/**
 * An optimizer as a chain: the sign, the L2 penalty, the scaling, the learning rate, the decoupled decay.
 * Its state is the scaling's; all parts count the same steps.
 *
 * @param caller the optimizer, for its errors
 */
export function descent<Slot>(
  caller: string,
  options: Descent,
  scale: Transform<PerParameter<Slot>>,
): Transform<PerParameter<Slot>> {
  const { learningRate, weightDecay = 0, decoupledWeightDecay = false, mask, maximize = false } = options;
  const parts = chain(
    ascend(maximize),
    new AddWeightDecay(caller, decoupledWeightDecay ? 0 : weightDecay, mask),
    scale,
    new ScaleByLearningRate(caller, learningRate),
    new DecayWeights(caller, learningRate, decoupledWeightDecay ? weightDecay : 0, mask),
  );
  return {
    init: (parameters) => scale.init(parameters),
    update(gradients, state, parameters) {
      const steps = { step: state.step };
      const [updates, [, , next]] = parts.update(gradients, [{}, {}, state, steps, steps], parameters);
      return [updates, next];
    },
  };
}
