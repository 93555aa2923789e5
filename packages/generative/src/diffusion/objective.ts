import { checkChoice, checkRecord, OptionError } from "@pellucid/core-train";
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

/**
 * `x₀` from a noisy example and a prediction.
 *
 * @throws {OptionError} For an unknown objective, or one that the level does not determine.
 * @throws {StructError} For what is not a noise level.
 */
export function x0Factors(objective: Objective, level: NoiseLevel): PredictionFactors {
  const { alpha, sigma } = checked("x0Factors", objective, level);
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

/**
 * `ε` from a noisy example and a prediction.
 *
 * @throws {OptionError} For an unknown objective, or one that the level does not determine.
 * @throws {StructError} For what is not a noise level.
 */
export function noiseFactors(objective: Objective, level: NoiseLevel): PredictionFactors {
  const { alpha, sigma } = checked("noiseFactors", objective, level);
  if (objective === "pred_noise") return { ofX: 0, ofOutput: 1 };
  if (objective === "pred_v") return { ofX: sigma, ofOutput: alpha };
  if (sigma === 0) throw new OptionError("noiseFactors", "sigma", 0, "above 0: a clean example has no noise");
  return { ofX: 1 / sigma, ofOutput: -alpha / sigma };
}

/**
 * What a model is to predict, as factors of the clean example and the noise.
 *
 * @throws {OptionError} For an unknown objective, or one that the level does not determine.
 * @throws {StructError} For what is not a noise level.
 */
export function targetFactors(
  objective: Objective,
  level: NoiseLevel,
): { readonly ofX0: number; readonly ofNoise: number } {
  const { alpha, sigma } = checked("targetFactors", objective, level);
  if (objective === "pred_noise") return { ofX0: 0, ofNoise: 1 };
  return objective === "pred_x0" ? { ofX0: 1, ofNoise: 0 } : { ofX0: -sigma, ofNoise: alpha };
}

function checked(caller: string, objective: Objective, level: NoiseLevel): NoiseLevel {
  checkObjective(caller, objective);
  checkRecord(caller, "level", level, ["alpha", "sigma"]);
  return level;
}

/** Throws an `OptionError` unless it is an {@link Objective}. */
export function checkObjective(caller: string, objective: Objective): void {
  checkChoice(caller, "objective", objective, ["pred_noise", "pred_x0", "pred_v"]);
}
