import {
  concat,
  expandDims,
  mul,
  slice,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
  unstack,
  where,
  add,
  tile,
} from "@tensorflow/tfjs-core";

/** The attributes of a scan over a batch of sequences. */
export type Recurrence = {
  /** The number of time steps of each example, at least 1; the others are padding. */
  readonly lengths: readonly number[];
  /** Whether time runs backward, from each example's own last time step. */
  readonly reverse: boolean;
};

/** Splits sequences into time steps: `[batch, time, size]` → `time` times `[batch, size]`. */
export const timeSteps = (x: Tensor3D): Tensor2D[] => unstack(x, 1) as Tensor2D[];

/** The time steps in the order of a scan. */
export function* visits(time: number, reverse: boolean): Generator<number> {
  for (let step = 0; step < time; step++) yield reverse ? time - 1 - step : step;
}

/** Chooses for each example: `now` if the time step `t` is within its length, otherwise `before`, `[batch, size]` both. Call it in a `tidy`. */
export function within(t: number, lengths: readonly number[], now: Tensor2D, before: Tensor2D): Tensor2D {
  if (lengths.every((length) => t < length)) return now;
  const isWithin = tensor2d(
    [...lengths].map((length) => [t < length ? 1 : 0]),
    [lengths.length, 1],
    "bool",
  );
  return where(tile(isWithin, [1, now.shape[1]]), now, before);
}

/**
 * The state before each time step: `y` of the time step that was visited before it, and `first` before the first.
 *
 * @param y `[batch, time, size]`, zeros in the padding
 * @param first `[batch, size]`
 */
export function previous(y: Tensor3D, first: Tensor2D, { lengths, reverse }: Recurrence): Tensor3D {
  const [batch, time, size] = y.shape;
  return tidy(() => {
    const start = expandDims<Tensor3D>(first, 1); // [batch, 1, size]
    const rest = slice(y, [0, reverse ? 1 : 0, 0], [batch, time - 1, size]);
    if (!reverse) return concat([start, rest], 1);
    const isLast = tensor2d(
      lengths.map((length) => Array.from({ length: time }, (_, t) => (t === length - 1 ? 1 : 0))),
      [batch, time],
    );
    const moved = concat([rest, mul(start, 0) as Tensor3D], 1);
    return add(moved, mul(expandDims(isLast, 2), start)) as Tensor3D;
  });
}
