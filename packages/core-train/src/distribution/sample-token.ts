import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";

/** Which token comes next. */
export interface SampleTokenOptions {
  /** What the logits are divided by; at 0 the likeliest token is taken and nothing is drawn. Default: 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest. Default: all. */
  readonly topK?: number;
  /** Only the likeliest that have this share of the chances together, the one that reaches it included. Default: 1. */
  readonly topP?: number;
  /** Where the draw comes from; only a temperature of 0 needs none. */
  readonly rng?: Rng;
}

/**
 * Draws a token by the softmax of its logits, of the likeliest only where so asked: first the temperature, then `topK`, then
 * `topP` of what that left, as in Hugging Face's `generate`.
 *
 * Holtzman et al., 2020. The curious case of neural text degeneration. https://arxiv.org/abs/1904.09751 (`topP`)
 *
 * @throws {OptionError} for a temperature below 0, a `topK` that is no whole number above 0, a `topP` outside of (0, 1], or no `rng`
 */
export function sampleToken(logits: ArrayLike<number>, options: SampleTokenOptions = {}): number {
  const { temperature = 1, topK = logits.length, topP = 1, rng } = options;
  check(temperature, topK, topP);
  const order = Array.from(logits, (_, token) => token);
  const logit = (token: number): number => logits[token] as number;
  order.sort((a, b) => logit(b) - logit(a) || a - b);
  const best = order[0];
  if (best === undefined) throw new OptionError("sampleToken", "logits", "empty", "one logit at least");
  if (temperature === 0) return best;
  if (rng === undefined)
    throw new OptionError("sampleToken", "rng", rng, "one, or a temperature of 0, which draws nothing");

  const kept = order.slice(0, topK);
  const weights = kept.map((token) => Math.exp((logit(token) - logit(best)) / temperature));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let count = 0;
  let nucleus = 0;
  while (count < kept.length && (count === 0 || nucleus < topP * whole))
    nucleus += weights[count++] as number;

  let left = (rng.rand([1]).data[0] as number) * nucleus;
  for (let i = 0; i < count; i++) {
    left -= weights[i] as number;
    if (left < 0) return kept[i] as number;
  }
  return kept[count - 1] as number; // rounding may leave a crumb
}

function check(temperature: number, topK: number, topP: number): void {
  if (!(temperature >= 0 && temperature < Infinity))
    throw new OptionError("sampleToken", "temperature", temperature, "a number of 0 or more");
  if (!Number.isInteger(topK) || topK < 1)
    throw new OptionError("sampleToken", "topK", topK, "a whole number above 0");
  if (!(topP > 0 && topP <= 1))
    throw new OptionError("sampleToken", "topP", topP, "a share above 0, and 1 at most");
}
