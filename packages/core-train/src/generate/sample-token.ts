import { checkOptions } from "../check-options.ts";
import { OptionError } from "../option-error.ts";
import { checkLargestLogit, checkLogits } from "./check-logits.ts";
import type { Rng } from "../rng/rng.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link sampleToken}. */
export interface SampleTokenOptions {
  /** The divisor of the logits. At 0 the most likely token is taken and nothing is drawn. Default: 1. */
  readonly temperature?: number;
  /** Draws from this many of the most likely tokens only. Default: all. */
  readonly topK?: number;
  /** Draws from the most likely tokens whose probabilities add up to this, the one that reaches it included. Default: 1. */
  readonly topP?: number;
  /** Random generator for the draw; not needed at temperature 0. */
  readonly rng?: Rng;
}

/**
 * Draws a token with the probabilities of the softmax of its logits. The temperature comes first, then `topK`, then `topP` of what
 * that left, as in Hugging Face's `generate`.
 *
 * Holtzman et al., 2020. The curious case of neural text degeneration. https://arxiv.org/abs/1904.09751 (`topP`)
 *
 * @throws {OptionError} If the temperature is below 0, `topK` is not an integer above 0, `topP` is outside of (0, 1], or `rng` is
 *   missing.
 * @throws {DataError} If a logit is NaN, or the logits are such that the softmax is.
 */
export function sampleToken(logits: ArrayLike<number>, options: SampleTokenOptions = {}): number {
  checkArguments("sampleToken", { numbers: { logits } });
  checkOptions("sampleToken", options, ["temperature", "topK", "topP", "rng"]);
  const { temperature = 1, topK = logits.length, topP = 1, rng } = options;
  check(temperature, topK, topP);
  checkLogits("sampleToken", logits);
  const order = Array.from(logits, (_, token) => token);
  const logit = (token: number): number => logits[token] ?? NaN;
  order.sort((a, b) => logit(b) - logit(a) || a - b);
  const best = order[0];
  if (best === undefined) throw new OptionError("sampleToken", "logits", "empty", "at least one logit");
  if (temperature === 0) return best;
  if (rng === undefined)
    throw new OptionError(
      "sampleToken",
      "rng",
      rng,
      "a random generator, or a temperature of 0, which draws nothing",
    );

  checkLargestLogit("sampleToken", logit(best), best);
  const kept = order.slice(0, topK);
  const weights = kept.map((token) => Math.exp((logit(token) - logit(best)) / temperature));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let count = 0;
  let nucleus = 0;
  while (count < kept.length && (count === 0 || nucleus < topP * whole)) nucleus += weights[count++] ?? 0;

  let left = (rng.rand([1]).data[0] ?? NaN) * nucleus;
  for (let i = 0; i < count; i++) {
    left -= weights[i] ?? 0;
    if (left < 0) return kept[i] ?? best;
  }
  return kept[count - 1] ?? best; // left is not below 0 by rounding
}

function check(temperature: number, topK: number, topP: number): void {
  if (!(temperature >= 0 && temperature < Infinity))
    throw new OptionError("sampleToken", "temperature", temperature, "a number of 0 or more");
  if (!Number.isInteger(topK) || topK < 1)
    throw new OptionError("sampleToken", "topK", topK, "an integer above 0");
  if (!(topP > 0 && topP <= 1))
    throw new OptionError("sampleToken", "topP", topP, "a probability above 0, up to 1");
}
