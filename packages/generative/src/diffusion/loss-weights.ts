import { checkPositive, OptionError } from "@pellucid/core-train";
import type { NoiseSchedule } from "./noise-schedule.ts";
import { checkObjective, type Objective } from "./objective.ts";

/**
 * The weight of each step in the loss, so that all predictions learn `x₀` equally where it can be seen: with the signal-to-noise ratio `s`
 * and its bound `c = min(s, γ)`, `c / s` for noise, `c` for `x₀` and `c / (s + 1)` for `v`. Without `gamma` it is 1 for noise, `s` for `x₀` and
 * `s / (s + 1)` for `v`, lucidrains' weights.
 *
 * Hang et al., 2023. https://arxiv.org/abs/2303.09556
 *
 * @throws {OptionError} For a prediction of noise by a schedule that ends without signal: its weight would be 0 / 0.
 */
export function lossWeights(schedule: NoiseSchedule, objective: Objective, gamma?: number): Float64Array {
  checkObjective("lossWeights", objective);
  if (gamma !== undefined && gamma !== Infinity) checkPositive("lossWeights", { gamma });
  if (objective === "pred_noise" && schedule.snr.at(-1) === 0)
    throw new OptionError("lossWeights", "objective", objective, "pred_v or pred_x0 for a zero terminal SNR");
  const bounded = (snr: number): number => Math.min(snr, gamma ?? Infinity);
  return schedule.snr.map((snr) => {
    if (objective === "pred_noise") return bounded(snr) / snr;
    return objective === "pred_x0" ? bounded(snr) : bounded(snr) / (snr + 1);
  });
}
