import { gradient } from "@pellucid/core-train";
import { type Tensor } from "@tensorflow/tfjs-core";
import type { NoiseLevel } from "../sampler/noise-level.ts";
import { combine } from "../sampler/solver-sampler.ts";
import { classifierFreeGuidance, type ClassifierFreeGuidanceOptions } from "./classifier-free-guidance.ts";
import type { Objective } from "./objective.ts";

/** A network's prediction for noisy examples of one level. */
export type Prediction = (x: Tensor, level: NoiseLevel) => Tensor;

/** Changes what a network predicts before a sampler uses it. Guidances are functions, so that they compose. */
export type Guidance = (predict: Prediction, objective: Objective) => Prediction;

/**
 * Guides by what the same network predicts without the condition; see {@link classifierFreeGuidance}.
 *
 * ```ts
 * const unconditional = diffusion.prediction({ classes: none });
 * diffusion.sampler({ condition: { classes }, guidance: guideWithout(unconditional, { scale: 3 }) });
 * ```
 */
export function guideWithout(unconditional: Prediction, options: ClassifierFreeGuidanceOptions): Guidance {
  return (predict) => (x, level) =>
    classifierFreeGuidance(predict(x, level), unconditional(x, level), options);
}

/**
 * Guides by the gradient of a classifier of noisy examples: the score grows by `scale · ∇ log p(y | x)`.
 *
 * Dhariwal and Nichol, 2021, algorithm 2. https://arxiv.org/abs/2105.05233
 *
 * @param logProb the logarithm of the probability of each example's class, `[batch]` or their sum
 */
export function guideByClassifier(logProb: (x: Tensor, level: NoiseLevel) => Tensor, scale = 1): Guidance {
  return (predict, objective) => (x, level) => {
    const toward = gradient((y: Tensor) => logProb(y, level))(x);
    const { alpha, sigma } = level;
    const factor = { pred_noise: -sigma, pred_x0: sigma ** 2 / alpha, pred_v: -sigma / alpha }[objective];
    return combine([1, predict(x, level)], [factor * scale, toward]);
  };
}
