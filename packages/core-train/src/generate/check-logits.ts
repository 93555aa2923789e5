import { DataError } from "../data/data-error.ts";

const advice = "Look for NaN in the weights and in the loss during training.";

/**
 * Throws for logits among which no token is the most likely.
 *
 * @throws {DataError} If a logit is NaN.
 */
export function checkLogits(caller: string, logits: ArrayLike<number>): void {
  for (let i = 0; i < logits.length; i++)
    if (Number.isNaN(logits[i]))
      throw new DataError(`${caller}: logits[${i}] is NaN, expected a number. ${advice}`);
}

/**
 * Throws for a logit, the largest of all, with which the softmax is NaN: `torch.multinomial` refuses it too.
 *
 * @throws {DataError} If it is not finite.
 */
export function checkLargestLogit(caller: string, logit: number, token: number): void {
  if (Number.isFinite(logit)) return;
  const found = logit === Infinity ? `logits[${token}] is Infinity` : "every logit is -Infinity";
  throw new DataError(`${caller}: ${found}, so that no token has a probability. ${advice}`);
}
