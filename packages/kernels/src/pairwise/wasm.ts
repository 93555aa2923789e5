import {
  broadcast_util,
  Equal,
  FloorDiv,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalOr,
  Maximum,
  Minimum,
  Mod,
  NotEqual,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

type Inputs = Readonly<Record<"a" | "b", TensorInfo>>;

/** In the order of `assembly/pairwise.ts`. */
const names = [Maximum, Minimum, Greater, GreaterEqual, Less, LessEqual, Equal, NotEqual];

/**
 * Larger, smaller, comparisons, and division of integers. tfjs' own go number by number, and compute the index of each where they broadcast, which
 * takes some hundred times as long; and they divide integers as floats of 24 bits, or stop at a divisor of 0, and round quotients of floats before they round them down.
 */
export const pairwise: readonly WasmKernel[] = [
  ...names.map((name, op) =>
    overrideWasmKernel<Inputs>(name, (heap, { a, b }, _, builtIn) => {
      const isInt = a.dtype === "int32";
      const isComparison = op >= names.indexOf(Greater);
      const isOurs = a.dtype === b.dtype && (a.dtype === "float32" || (isInt && isComparison));
      if (!isOurs) return builtIn();
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const out = heap.make(shape, isComparison ? "bool" : "float32");
      if (util.sizeFromShape(shape) === 0) return out;
      const axes = mergedAxes(shape, a.shape, b.shape);
      const operands = { a: heap.addressOf(a), b: heap.addressOf(b), out: heap.addressOf(out) };
      heap.borrow({ table: Int32Array.from(axes.flat()) }, (room) =>
        heap.functions.pairwise({ op, isInt, ...operands, axes: axes.length, ...room }),
      );
      return out;
    }),
  ),
  ...[FloorDiv, Mod].map((name) =>
    overrideWasmKernel<Inputs>(name, (heap, { a, b }, _, builtIn) => {
      const isInt = a.dtype === "int32";
      if (a.dtype !== b.dtype || !(isInt || a.dtype === "float32")) return builtIn();
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const out = heap.make(shape, a.dtype);
      if (util.sizeFromShape(shape) === 0) return out;
      const axes = mergedAxes(shape, a.shape, b.shape);
      const operands = { a: heap.addressOf(a), b: heap.addressOf(b), out: heap.addressOf(out) };
      heap.borrow({ table: Int32Array.from(axes.flat()) }, (room) => {
        const all = { isRest: name === Mod, ...operands, axes: axes.length, ...room };
        if (isInt) heap.functions.divideIntegers(all);
        else heap.functions.divideFloats(all);
      });
      return out;
    }),
  ),
  ...[LogicalAnd, LogicalOr].map((name) =>
    overrideWasmKernel<Inputs>(name, (heap, { a, b }, _, builtIn) => {
      if (!util.arraysEqual(a.shape, b.shape)) return builtIn();
      const out = heap.make(a.shape, "bool");
      heap.functions.logical({
        isOr: name === LogicalOr,
        a: heap.addressOf(a),
        b: heap.addressOf(b),
        out: heap.addressOf(out),
        count: util.sizeFromShape(a.shape),
      });
      return out;
    }),
  ),
];

/** How many steps an axis has, and how many bytes one is in each input: 0 where it is broadcast. */
type Axis = [count: number, aStep: number, bStep: number];

/** The axes from the outermost; those that lie in a row are one. */
function mergedAxes(shape: readonly number[], a: readonly number[], b: readonly number[]): Axis[] {
  const merged: Axis[] = [];
  let [aSize, bSize] = [4, 4];
  for (let axis = 1; axis <= shape.length; axis++) {
    const count = sizeAlong(shape, -axis);
    if (count === 1) continue;
    const [ofA, ofB] = [a.at(-axis) ?? 1, b.at(-axis) ?? 1];
    const [aStep, bStep] = [ofA === 1 ? 0 : aSize, ofB === 1 ? 0 : bSize];
    [aSize, bSize] = [aSize * ofA, bSize * ofB];
    const inner = merged[0];
    const isInARow = inner !== undefined && aStep === inner[0] * inner[1] && bStep === inner[0] * inner[2];
    if (isInARow) inner[0] *= count;
    else merged.unshift([count, aStep, bStep]);
  }
  return merged.length === 0 ? [[1, 4, 4]] : merged;
}
