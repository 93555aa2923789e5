import { type TensorInfo, Transpose, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";

/** An axis of the result: its length, and how many numbers apart neighbors along it are where they come from and where they go. */
interface Axis {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Turns axes four numbers at a time, where tfjs' own goes number by number. Where only axes of length 1 move, the same numbers in the same memory: tfjs' own copies them in
 * JavaScript, which no recording of calls can repeat.
 */
export const transpose: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, { readonly perm: readonly number[] }>(
    Transpose,
    (heap, { x }, { perm }, builtIn) => {
      if (x.dtype === "string" || x.dtype === "complex64") return builtIn();
      const shape = perm.map((axis) => x.shape[axis] as number);
      const axes = joined(axesOf(x.shape, perm));
      if (axes.length < 2) return { ...heap.share(x), shape };
      const last = axes.at(-1) as Axis;
      const isTurned = last.from !== 1;
      const at = isTurned ? axes.findIndex(({ from }) => from === 1) : axes.length - 2;
      const rows = axes[at] as Axis;
      const others = axes.filter((axis) => axis !== rows && axis !== last);
      if (util.bytesPerElement(x.dtype) !== 4 || others.length > 3 || util.sizeFromShape(shape) === 0)
        return builtIn();
      const [outer = NONE, middle = NONE, inner = NONE] = others;
      const y = heap.make(shape, x.dtype);
      heap.functions.permute({
        from: heap.addressOf(x),
        to: heap.addressOf(y),
        outer: outer.length,
        outerFrom: 4 * outer.from,
        outerTo: 4 * outer.to,
        middle: middle.length,
        middleFrom: 4 * middle.from,
        middleTo: 4 * middle.to,
        inner: inner.length,
        innerFrom: 4 * inner.from,
        innerTo: 4 * inner.to,
        rows: rows.length,
        rowTo: 4 * rows.to,
        rowFrom: 4 * rows.from,
        columns: last.length,
        columnFrom: 4 * last.from,
        isTurned,
      });
      return y;
    },
  ),
];

const NONE: Axis = { length: 1, from: 0, to: 0 };

const stepsOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => util.sizeFromShape(shape.slice(axis + 1)));

function axesOf(shape: readonly number[], perm: readonly number[]): Axis[] {
  const from = stepsOf(shape);
  const lengths = perm.map((axis) => shape[axis] as number);
  const to = stepsOf(lengths);
  return perm.map((axis, i) => ({
    length: lengths[i] as number,
    from: from[axis] as number,
    to: to[i] as number,
  }));
}

/** Without axes of length 1, and with those as one that stay next to each other. */
function joined(axes: readonly Axis[]): Axis[] {
  const own: Axis[] = [];
  for (const axis of axes.filter(({ length }) => length !== 1)) {
    const before = own.at(-1);
    if (before !== undefined && before.from === axis.length * axis.from)
      own.splice(-1, 1, { ...axis, length: before.length * axis.length });
    else own.push(axis);
  }
  return own;
}
