import { div, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { OptionError } from "../option-error.ts";
import { maximum } from "./maximum.ts";
import { norm } from "./norm.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link normalizeVectors}. */
export interface NormalizeVectorsOptions {
  /** The norm. Default: 2. */
  readonly p?: number;
  /** The axis along which the vectors are. Default: the last. */
  readonly axis?: number;
  /** The smallest norm to divide by. Default: 1e-12. */
  readonly eps?: number;
}

/**
 * Gives vectors length 1, as `torch.nn.functional.normalize`: `x / max(‖x‖_p, ε)`, with the gradient through the norm.
 *
 * @returns the shape of `x`
 */
export function normalizeVectors<X extends Tensor>(x: X, options: NormalizeVectorsOptions = {}): X {
  checkOptions("normalizeVectors", options, ["p", "axis", "eps"]);
  const { p = 2, axis = -1, eps = 1e-12 } = options;
  if (!(eps > 0)) throw new OptionError("normalizeVectors", "eps", eps, "a number above 0");
  return tidy(() => div<X>(x, maximum(norm(x, p, axis, true), eps)));
}
