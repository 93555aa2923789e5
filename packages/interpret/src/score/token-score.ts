import {
  checkArguments,
  checkOptions,
  checkShape,
  type Layer,
  OptionError,
  type Structured,
} from "@pellucid/core-train";
import { reshape, slice, type Tensor1D, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/** Options for {@link tokenScore}. */
export interface TokenScoreOptions {
  /** The position whose next token is scored; negative positions count from the end. Default: −1, the last. */
  readonly position?: number;
}

/**
 * The logit that a language model gives a token as the next one, as a function of the tokens before it.
 *
 * @param model from int32 `[batch, time]`, or a structure with them, to `[batch, time, token]`
 */
export function tokenScore<X extends Structured<X> = Tensor2D>(
  model: Layer<X, Tensor3D>,
  token: number,
  options: TokenScoreOptions = {},
): Score<X> {
  checkArguments("tokenScore", { "{ forward }": { model } });
  checkOptions("tokenScore", options, ["position"]);
  const { position = -1 } = options;
  return (tokens) =>
    tidy(() => {
      const logits = model.forward(tokens); // [batch, time, token]
      checkShape("tokenScore", "the model's output", logits, ["batch", "time", "token"]);
      const [batch, time, known] = logits.shape;
      const at = position < 0 ? time + position : position;
      if (!Number.isInteger(at) || at < 0 || at >= time)
        throw new OptionError("tokenScore", "position", position, `one of the ${time} tokens`);
      if (!Number.isInteger(token) || token < 0 || token >= known)
        throw new OptionError("tokenScore", "token", token, `a token from 0 to ${known - 1}`);
      return reshape(slice(logits, [0, at, token], [batch, 1, 1]), [batch]) as Tensor1D;
    });
}
