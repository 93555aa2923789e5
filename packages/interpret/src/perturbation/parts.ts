import { checkShape, OptionError, ShapeError, StructError } from "@pellucid/core-train";
import { Tensor, tensor } from "@tensorflow/tfjs-core";
import { floatLeaves, withFloats } from "../score/float-leaves.ts";
import type { Segments } from "./segments.ts";

/** The tensors of an input whose parts are hidden, and their segments. */
export interface Parts {
  /** A tensor itself; the floats of a structure. Each is `[batch, …]`. */
  readonly tensors: readonly Tensor[];
  /** One for each of them. */
  readonly segments: readonly Segments[];
  /** How many segments there are. */
  readonly count: number;
  readonly batch: number;
}

/**
 * The parts of an input.
 *
 * @param given default: every number of an example by itself
 * @throws {StructError} If there are no float tensors.
 * @throws {ShapeError} If a float tensor does not have the examples along its first axis, as a graph's, or a segment has another shape.
 */
export function partsOf(caller: string, x: unknown, given?: Segments | readonly Segments[]): Parts {
  const tensors = x instanceof Tensor ? [x] : floatLeaves(x);
  const batch = tensors[0]?.shape[0];
  if (tensors.length === 0)
    throw new StructError(
      `${caller}: the input has no float tensors, expected some whose parts can be hidden.`,
    );
  if (batch === undefined || tensors.some(({ shape }) => shape[0] !== batch)) {
    const found = tensors.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    throw new ShapeError(
      `${caller}: the input has ${found}, expected the examples along the first axis of all.`,
    );
  }
  const segments = given === undefined ? eachNumber(tensors) : [given].flat();
  if (segments.length !== tensors.length)
    throw new OptionError(
      caller,
      "segments",
      segments.length,
      `one for each of ${tensors.length} float tensors`,
    );
  for (const [i, own] of segments.entries()) checkSegments(caller, own, tensors[i]?.shape ?? []);
  const largest = (most: number, label: number) => Math.max(most, label);
  const count = segments.reduce((most, { data }) => data.reduce(largest, most), -1) + 1;
  return { tensors, segments, count, batch };
}

/** The input with other tensors in place of those of its {@link Parts}. */
export function withParts<X>(x: X, tensors: readonly Tensor[]): X {
  return x instanceof Tensor ? (tensors[0] as X & Tensor) : withFloats(x, tensors);
}

function eachNumber(tensors: readonly Tensor[]): readonly Segments[] {
  let first = 0;
  return tensors.map(({ shape: [, ...shape] }) => {
    const start = first;
    const data = Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => start + i);
    first += data.length;
    return { data, shape };
  });
}

function checkSegments(caller: string, { data, shape }: Segments, [, ...sizes]: readonly number[]): void {
  const stand = tensor(data, [...shape]);
  const expected = sizes.map((size, i) => (shape[i] === 1 ? 1 : size));
  try {
    checkShape(caller, "segments", stand, expected);
  } finally {
    stand.dispose();
  }
}
