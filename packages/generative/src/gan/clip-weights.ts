import { checkArguments, checkPositive, clamp, type Module } from "@pellucid/core-train";
import { tidy } from "@tensorflow/tfjs-core";

/**
 * Keeps all parameters of a critic within `± limit`, after each step: the first way to bound how fast a Wasserstein critic changes.
 * Arjovsky, Chintala and Bottou, 2017, algorithm 1. https://arxiv.org/abs/1701.07875
 *
 * @param limit Default: 0.01, the paper's.
 * @throws {StructError} For what is not a module.
 * @throws {OptionError} For a limit of 0 or below.
 */
export function clipWeights(critic: Module, limit = 0.01): void {
  checkArguments("clipWeights", { module: { critic } });
  checkPositive("clipWeights", { limit });
  for (const [, parameter] of critic.namedParameters())
    tidy(() => parameter.assign(clamp(parameter, -limit, limit)));
}
