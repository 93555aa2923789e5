import { checkShape, type Layer, OptionError } from "@pellucid/core-train";
import { reshape, slice, type Tensor1D, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/** Which of a language model's many scores. */
export interface TokenScoreOptions {
  /** After which of the tokens it is asked what comes next; below 0 it counts from the end. Default: −1, after the last. */
  readonly position?: number;
}

/**
 * How likely a language model finds a token as the next one: its logit. What came before is what explains it.
 *
 * @param model int32 `[batch, time]` → `[batch, time, token]`
 */
export function tokenScore(
  model: Layer<Tensor2D, Tensor3D>,
  token: number,
  { position = -1 }: TokenScoreOptions = {},
): Score<Tensor2D> {
  return (tokens) =>
    tidy(() => {
      const logits = model.forward(tokens); // [batch, time, token]
      checkShape("tokenScore", "what the model puts out", logits, ["batch", "time", "token"]);
      const [batch, time, known] = logits.shape;
      const at = position < 0 ? time + position : position;
      if (!Number.isInteger(at) || at < 0 || at >= time)
        throw new OptionError("tokenScore", "position", position, `one of the ${time} tokens`);
      if (!Number.isInteger(token) || token < 0 || token >= known)
        throw new OptionError("tokenScore", "token", token, `a token from 0 to ${known - 1}`);
      return reshape(slice(logits, [0, at, token], [batch, 1, 1]), [batch]) as Tensor1D;
    });
}
