import { checkProbabilities } from "../check-values.ts";
import { type HostTensor, permute } from "../host-tensor.ts";
import type { Rng } from "../rng/rng.ts";
import { channelsFirst, channelsLast } from "./channels-first.ts";

/** Whether dropout draws for each element or for each channel. */
export type Dropped = "entries" | "channels";

/**
 * Draws a dropout mask: `one` with probability `1 - p`, otherwise 0, in PyTorch's order.
 *
 * @param shape `[batch, ..., channel]`
 * @returns `shape`, or `[batch, 1, ..., channel]` if whole channels are dropped
 */
export function drawKept(
  shape: readonly number[],
  dropped: Dropped,
  p: number,
  rng: Rng,
  one = 1,
): HostTensor<Float32Array> {
  if (shape.length < 4 && dropped === "entries") return rng.bernoulli(1 - p, shape, one); // the same layout in both
  const last = shape.length - 1;
  const size = dropped === "entries" ? shape : shape.map((n, axis) => (axis === 0 || axis === last ? n : 1));
  const theirs = channelsFirst(shape.length).map((axis) => size[axis] ?? 1);
  return permute(rng.bernoulli(1 - p, theirs, one), channelsLast(shape.length));
}

/** @throws {OptionError} Unless `p` is a probability. */
export function checkRate(caller: string, p: number): number {
  checkProbabilities(caller, { p });
  return p;
}
