import { add, clone, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { decayed } from "./decay-weights.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link asgd}. */
export interface AsgdOptions extends DescentOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Scheduled;
  /** The decay of the parameters and of the step size. PyTorch: `lambd`. Default: 1e-4. */
  readonly lambda?: number;
  /** The exponent of the decay of the step size. Default: 0.75. */
  readonly alpha?: number;
  /** The step at which averaging starts. Default: 1e6. */
  readonly t0?: number;
}

/** State of averaged gradient descent for a parameter. */
export interface AsgdSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The next step size. */
  readonly eta: number;
  /** The weight of the next parameter in the average. */
  readonly mu: number;
  /** The average of the parameter, to be used after training. */
  readonly ax: Tensor;
}

/**
 * Gradient descent whose result is the average of where it has been.
 *
 * `θ ← (1 − λ η) θ − η g`, `a ← a + μ (θ − a)`, with `η = lr / (1 + λ lr t)^α` and `μ = 1 / max(1, t − t₀)`.
 *
 * Polyak and Juditsky, 1992; the schedule is Bottou's. https://doi.org/10.1137/0330046
 *
 * The numbers are those of `torch.optim.ASGD`. The average is `optimizer.state.slots[path].ax`.
 */
export function asgd(options: AsgdOptions = {}): Transform<PerParameter<AsgdSlot>> {
  checkOptions("asgd", options, [...descentOptions, "lambda", "alpha", "t0"]);
  const { learningRate = 1e-2 } = options;
  return descent("asgd", { ...options, learningRate }, scaleByAsgd(learningRate, options));
}

/** Its step size is fixed one step ahead, so it needs the learning rate before the first. */
function scaleByAsgd(learningRate: Scheduled, options: AsgdOptions): FusibleScale<AsgdSlot> {
  const { lambda = 1e-4, alpha = 0.75, t0 = 1e6 } = options;
  checkNotNegative("asgd", { lambda, alpha, t0 });
  return new FusibleScale({
    init: (parameter): AsgdSlot => ({ count: 0, eta: valueAt(learningRate, 0), mu: 1, ax: clone(parameter) }),
    update(gradient, slot, parameter, { rate, penalty, decay }) {
      const { eta, mu } = slot;
      const count = slot.count + 1;
      const decayRate = lambda + penalty;
      const step = mul(add(gradient, mul(parameter, decayRate)), -eta);
      const update = decayed(step, parameter, rate * decay);
      const moved = add(parameter, update);
      const ax = mu === 1 ? moved : add(slot.ax, mul(sub(moved, slot.ax), mu));
      const next = { eta: rate / (1 + lambda * rate * count) ** alpha, mu: 1 / Math.max(1, count - t0) };
      return [update, { count, ...next, ax }];
    },
  });
}
