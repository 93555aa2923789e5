import { checkRecord } from "@pellucid/core-train";
import { NoiseSchedule } from "./noise-schedule.ts";

/**
 * Shifts and scales `√ᾱ` so that nothing of the example is left after the last step, and the first step stays as it is. Without it a model
 * sees the mean brightness of an image at all steps, and cannot make very dark or very bright ones from noise.
 *
 * A model that predicts noise knows nothing at such a last step: use `"pred_v"` or `"pred_x0"`.
 *
 * Lin et al., 2023, algorithm 1. https://arxiv.org/abs/2305.08891
 *
 * @throws {StructError} For what is not a schedule.
 */
export function zeroTerminalSnr(schedule: NoiseSchedule): NoiseSchedule {
  checkRecord("zeroTerminalSnr", "schedule", schedule, ["alphasCumprod", "times"]);
  const roots = Array.from(schedule.alphasCumprod, Math.sqrt);
  const [first, last] = [roots[0] ?? NaN, roots.at(-1) ?? NaN];
  if (roots.length < 2 || last === 0) return schedule;
  const shares = roots.map((root) => ((root - last) * (first / (first - last))) ** 2);
  const betas = shares.map((share, t) => 1 - share / (t === 0 ? 1 : (shares[t - 1] ?? NaN)));
  return new NoiseSchedule(betas, schedule.times);
}
