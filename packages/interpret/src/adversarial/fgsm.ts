import { checkArguments, checkOptions, clamp, gradient, sign } from "@pellucid/core-train";
import { add, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { AdversarialOptions } from "./adversarial-options.ts";
import { checkAdversarial, checkWithin } from "./check-adversarial.ts";
import type { Score } from "../score/score.ts";

/**
 * One step that changes every number by `ε`: `x ∓ ε sign(∂ score / ∂ x)`. However small the gradient is, only its sign counts.
 *
 * Goodfellow, Shlens and Szegedy, 2015. https://arxiv.org/abs/1412.6572
 *
 * @param score of the class: its {@link marginScore}, lowered to fool the net, or that of another class, raised
 * @throws DomainError where an input lies outside the range
 */
export function fgsm<X extends Tensor>(score: Score<X>, options: AdversarialOptions): (x: X) => Promise<X> {
  checkArguments("fgsm", { function: { score } });
  checkOptions("fgsm", options, ["epsilon", "direction", "range"]);
  checkAdversarial("fgsm", options);
  const { epsilon, direction = "lower", range } = options;
  const gradientOf = gradient<X>(score);
  const step = direction === "lower" ? -epsilon : epsilon;
  return async (x) => {
    await checkWithin("fgsm", x, range);
    return tidy(() => {
      const moved = add<X>(x, mul(sign(gradientOf(x)), step));
      return range === undefined ? moved : (clamp(moved, ...range) as X);
    });
  };
}
