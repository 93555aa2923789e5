import type { TracedSize } from "@pellucid/core-train";
import { identity } from "./python-tree.ts";

/** A tensor in the written Python: the expression that gives it, and how its axes correspond to ours. */
export interface PythonTensor {
  readonly code: string;
  /** Our axis `i` is axis `axes[i]` of the tensor in Python. */
  readonly axes: readonly number[];
  /** Whether the code is a name, a call or in brackets, so that `.shape` can follow. */
  readonly isAtom: boolean;
  /** The variables that the code reads. */
  readonly reads: readonly string[];
  /** Whether the code calls a module, which may draw numbers: its order counts. */
  readonly calls: boolean;
  /**
   * The sizes of all axes but the last, where our trace flattened them to rows `[row, channel]`, as for a product of matrices, and the Python tensor
   * still has them; null otherwise.
   */
  readonly lead: readonly (number | string)[] | null;
  /**
   * Our 1-d convolutions compute with images of height 1. For such an image: the sequence `[batch, time, channel]` that `nn.Conv1d` takes instead;
   * null otherwise.
   */
  readonly sequence: PythonTensor | null;
  /** The value of a constant that is written as a plain number, which PyTorch broadcasts; null for a tensor. */
  readonly number: number | null;
}

/** A tensor whose axes are ours, of code that reads the variables of `from`. */
export function pythonTensor(
  code: string,
  rank: number,
  from: readonly PythonTensor[],
  changes: Partial<PythonTensor> = {},
): PythonTensor {
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

/** The code, in brackets where `.method()` could not follow it. */
export function atom({ code, isAtom }: PythonTensor): string {
  return isAtom ? code : `(${code})`;
}

/** The code with its axes in another order. */
export function ordered(x: PythonTensor, axes: readonly number[]): string {
  const dims: number[] = [];
  for (const [i, axis] of axes.entries()) dims[axis] = x.axes[i] ?? NaN;
  const moved = dims.filter((dim, i) => dim !== i);
  if (moved.length === 0) return x.code;
  const [a = 0, b = 0] = moved;
  if (moved.length === 2) return `${atom(x)}.transpose(${Math.min(a, b)}, ${Math.max(a, b)})`;
  return `${atom(x)}.permute(${dims.join(", ")})`;
}

/** The code, with the axes in our order and rows flattened as in the trace. */
export function ours(x: PythonTensor): string {
  return x.lead === null ? ordered(x, identity(x.axes.length)) : `${atom(x)}.flatten(0, -2)`;
}

/** The tensor with rows flattened as in the trace. */
export function plain(x: PythonTensor): PythonTensor {
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
export function torchShape(
  x: PythonTensor,
  shape: readonly (number | string)[],
): readonly (number | string)[] {
  if (x.lead !== null) return [...x.lead, shape.at(-1) as number | string];
  const sizes: (number | string)[] = [];
  for (const [i, axis] of x.axes.entries()) sizes[axis] = shape[i] as number | string;
  return sizes;
}

/** Whether a size depends on those of the inputs. */
export function isFree(size: TracedSize): boolean {
  return typeof size !== "number";
}
