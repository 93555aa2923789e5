import { type HostTensor, permute } from "../host-tensor.ts";
import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";
import { channelsFirst, channelsLast } from "./channels-first.ts";

/** What a layer that drops draws for. */
export type Dropped = "entries" | "channels";

/**
 * Draws what dropout keeps: ones with probability `1 - p`, else zeros, in the order in which PyTorch draws them.
 *
 * @param shape `[batch, ..., channel]`
 * @returns `shape`, or `[batch, 1, ..., channel]` where whole channels are dropped
 */
export function drawKept(
  shape: readonly number[],
  dropped: Dropped,
  p: number,
  rng: Rng,
): HostTensor<Float32Array> {
  const last = shape.length - 1;
  const size = dropped === "entries" ? shape : shape.map((n, axis) => (axis === 0 || axis === last ? n : 1));
  const theirs = channelsFirst(shape.length).map((axis) => size[axis] as number);
  return permute(rng.bernoulli(1 - p, theirs), channelsLast(shape.length));
}

/** @throws OptionError unless `p` is a probability */
export function checkRate(who: string, p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new OptionError(who, "p", p, "a probability, 0 to 1");
}
