import {
  add,
  argMax,
  cast,
  div,
  equal,
  expandDims,
  log,
  neg,
  range,
  sub,
  type Tensor,
  type Tensor1D,
  tidy,
} from "@tensorflow/tfjs-core";
import { drawn } from "../compile/drawn.ts";
import { permute } from "../host-tensor.ts";
import { channelsFirst, channelsLast } from "../nn/channels-first.ts";
import { detach } from "../no-grad.ts";
import { softmax } from "../op/softmax.ts";
import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { checkRng } from "../check-values.ts";
import { checkOptions } from "../check-options.ts";

export interface GumbelSoftmaxOptions {
  /** Draws the noise. */
  readonly rng: Rng;
  /** The temperature: the lower, the nearer to one class. Default: 1. */
  readonly tau?: number;
  /** Whether one class is taken for good, while the gradient stays that of the soft choice. Default: false. */
  readonly hard?: boolean;
}

/**
 * Draws classes so that the gradient reaches their logits, PyTorch's `gumbel_softmax`: `softmax((x + g) / τ)` over the last
 * axis, with Gumbel noise `g` drawn on the host in PyTorch's order.
 * Jang et al., 2016, eq. 2. https://arxiv.org/abs/1611.01144
 *
 * @param logits `[…, class]`
 * @returns `[…, class]`, probabilities, or one-hot
 */
export function gumbelSoftmax<X extends Tensor>(logits: X, options: GumbelSoftmaxOptions): X {
  checkRng("gumbelSoftmax", options);
  checkOptions("gumbelSoftmax", options, ["rng", "tau", "hard"]);
  const { rng, tau = 1, hard = false } = options;
  checkShape("gumbelSoftmax", "logits", logits, ["...", "class"]);
  if (!(tau > 0)) throw new OptionError("gumbelSoftmax", "tau", tau, "a number above 0");
  const theirs = channelsFirst(logits.rank).map((axis) => logits.shape[axis] ?? 0);
  const last = channelsLast(logits.rank);
  return tidy(() => {
    const noise = neg(log(drawn(() => permute(rng.exponential(theirs), last)))); //                            […, class]
    const soft = softmax(div(add(logits, noise), tau)); //                          […, class]
    if (!hard) return soft;
    const chosen = argMax<Tensor1D>(soft, -1); //                                   […]
    const classes = range(0, logits.shape.at(-1) ?? 0, 1, "int32"); //         [class]
    const one = cast(equal(expandDims(chosen, -1), classes), "float32"); //         […, class]
    return add(sub(one, detach(soft)), soft);
  }) as X;
}
