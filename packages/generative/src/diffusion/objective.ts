import { checkChoice, OptionError } from "@pellucid/core-train";
import type { NoiseLevel } from "../sampler/noise-level.ts";

/**
 * What a model predicts, by lucidrains' names: the noise `ε`, the clean example `x₀`, or `v = α ε − σ x₀`, which is defined at all noise levels.
 *
 * Salimans and Ho, 2022, appendix D. https://arxiv.org/abs/2202.00512
 */
export type Objective = "pred_noise" | "pred_x0" | "pred_v";

/** The factors of the noisy example and of the prediction in what is asked for. */
export interface PredictionFactors {
  readonly ofX: number;
  readonly ofOutput: number;
}

/** `x₀` from a noisy example and a prediction. */
export function x0Factors(objective: Objective, { alpha, sigma }: NoiseLevel): PredictionFactors {
  if (objective === "pred_x0") return { ofX: 0, ofOutput: 1 };
  if (objective === "pred_v") return { ofX: alpha, ofOutput: -sigma };
  if (alpha === 0)
    throw new OptionError(
      "x0Factors",
      "objective",
      objective,
      "pred_v or pred_x0: noise says nothing of the example where no signal is left (zero terminal SNR)",
    );
  return { ofX: 1 / alpha, ofOutput: -sigma / alpha };
}

/** `ε` from a noisy example and a prediction. */
export function noiseFactors(objective: Objective, { alpha, sigma }: NoiseLevel): PredictionFactors {
  if (objective === "pred_noise") return { ofX: 0, ofOutput: 1 };
  if (objective === "pred_v") return { ofX: sigma, ofOutput: alpha };
  if (sigma === 0) throw new OptionError("noiseFactors", "sigma", 0, "above 0: a clean example has no noise");
  return { ofX: 1 / sigma, ofOutput: -alpha / sigma };
}

/** What a model is to predict, as factors of the clean example and the noise. */
export function targetFactors(
  objective: Objective,
  { alpha, sigma }: NoiseLevel,
): { readonly ofX0: number; readonly ofNoise: number } {
  if (objective === "pred_noise") return { ofX0: 0, ofNoise: 1 };
  return objective === "pred_x0" ? { ofX0: 1, ofNoise: 0 } : { ofX0: -sigma, ofNoise: alpha };
}

/** Throws an `OptionError` unless it is an {@link Objective}. */
export function checkObjective(caller: string, objective: Objective): void {
  checkChoice(caller, "objective", objective, ["pred_noise", "pred_x0", "pred_v"]);
}
