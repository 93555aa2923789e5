import type { TracedSize } from "@pellucid/core-train";
import { identity } from "./python-tree.ts";

/** A tensor in Python: an expression, and how its axes correspond to ours. */
export interface Held {
  readonly code: string;
  /** Our axis `i` is axis `axes[i]` of the tensor in Python. */
  readonly axes: readonly number[];
  /** Whether the code is a name, a call or in brackets, so that `.shape` can follow. */
  readonly isAtom: boolean;
  /** The variables that the code reads. */
  readonly reads: readonly string[];
  /** Whether the code calls a module, which may draw numbers: its order counts. */
  readonly calls: boolean;
  /** The axes before the last one, of a tensor that we have flattened to rows and PyTorch need not. */
  readonly lead: readonly (number | string)[] | null;
  /** Of pictures of height 1, as which we convolve sequences: the sequence, `[batch, time, channel]`. */
  readonly sequence: Held | null;
  /** A number that stands for a tensor of it. */
  readonly number: number | null;
}

/** A tensor whose axes are ours. */
export function held(code: string, rank: number, from: readonly Held[], changes: Partial<Held> = {}): Held {
  return {
    code,
    axes: identity(rank),
    isAtom: true,
    reads: [...new Set(from.flatMap(({ reads }) => reads))],
    calls: from.some(({ calls }) => calls),
    lead: null,
    sequence: null,
    number: null,
    ...changes,
  };
}

/** The code in brackets if a method could not follow. */
export function atom({ code, isAtom }: Held): string {
  return isAtom ? code : `(${code})`;
}

/** The code with its axes in another order. */
export function ordered(x: Held, axes: readonly number[]): string {
  const dims: number[] = [];
  for (const [i, axis] of axes.entries()) dims[axis] = x.axes[i] ?? NaN;
  const moved = dims.filter((dim, i) => dim !== i);
  if (moved.length === 0) return x.code;
  const [a = 0, b = 0] = moved;
  if (moved.length === 2) return `${atom(x)}.transpose(${Math.min(a, b)}, ${Math.max(a, b)})`;
  return `${atom(x)}.permute(${dims.join(", ")})`;
}

/** The code of a tensor whose axes are ours. */
export function ours(x: Held): string {
  return x.lead === null ? ordered(x, identity(x.axes.length)) : `${atom(x)}.flatten(0, -2)`;
}

/** A tensor whose rows are as they are with us. */
export function plain(x: Held): Held {
  return x.lead === null
    ? x
    : { ...x, code: ours(x), isAtom: true, lead: null, axes: identity(x.axes.length) };
}

/** Channels before positions: our `[batch, height, width, channel]` as `[batch, channel, height, width]`. */
export function channelsFirst(rank: number): readonly number[] {
  return rank < 3 ? identity(rank) : [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** Whether two orders of axes are the same. */
export function sameAxes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** The shape in Python's order of axes. */
export function torchShape(x: Held, shape: readonly (number | string)[]): readonly (number | string)[] {
  if (x.lead !== null) return [...x.lead, shape.at(-1) as number | string];
  const sizes: (number | string)[] = [];
  for (const [i, axis] of x.axes.entries()) sizes[axis] = shape[i] as number | string;
  return sizes;
}

/** Whether a size depends on those of the inputs. */
export function isFree(size: TracedSize): boolean {
  return typeof size !== "number";
}
