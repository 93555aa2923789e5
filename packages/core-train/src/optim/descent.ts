import { add, mul, neg, sub } from "@tensorflow/tfjs-core";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import type { PathPredicate } from "./add-weight-decay.ts";
import { checkNotNegative } from "./check-options.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** What all optimizers understand. */
export interface DescentOptions {
  /** How far to go; a function of the step is a schedule. */
  readonly learningRate?: Scheduled;
  /** The weight of an L2 penalty, `½ · weightDecay · Σ θ²`, of which the optimizer sees the gradient. Default: 0. */
  readonly weightDecay?: number;
  /** Which parameters decay, by their path. Default: all. */
  readonly mask?: PathPredicate;
  /** Whether to climb. Default: false. */
  readonly maximize?: boolean;
}

/** {@link DescentOptions} with all said that has no common default. */
interface Descent extends DescentOptions {
  readonly learningRate: Scheduled;
  /** Whether the weights decay by themselves, unseen by the optimizer, as in `adamw`. */
  readonly decoupledWeightDecay?: boolean;
}

/**
 * A rule that says where to go, made an optimizer that goes there: `θ ← θ − lr · direction`.
 *
 * @param who the optimizer, for its errors
 */
export function descent<Slot>(
  who: string,
  options: Descent,
  rule: ParameterRule<Slot>,
): Transform<PerParameter<Slot>> {
  const { learningRate, weightDecay = 0, decoupledWeightDecay = false } = options;
  const { mask = () => true, maximize = false } = options;
  checkNotNegative(who, { learningRate, weightDecay });
  return perParameter({
    init: (parameter) => rule.init(parameter),
    update(slope, slot, parameter, at) {
      const decays = weightDecay !== 0 && mask(at.path);
      const uphill = maximize ? neg(slope) : slope;
      const gradient = decays && !decoupledWeightDecay ? add(uphill, mul(parameter, weightDecay)) : uphill;
      const [direction, next] = rule.update(gradient, slot, parameter, at);
      const rate = valueAt(learningRate, at.step);
      const update = mul(direction, -rate);
      const lost = rate * weightDecay;
      return [decays && decoupledWeightDecay ? sub(update, mul(parameter, lost)) : update, next];
    },
  });
}
