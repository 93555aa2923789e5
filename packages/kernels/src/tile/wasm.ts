import { type TensorInfo, Tile, util } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { overrideWasmKernel } from "../wasm/override-wasm-kernel.ts";
import { sizeAlong } from "../size-along.ts";

/** Repeats along axes, as every broadcast to a shape does; tfjs' own goes number by number. */
export const tile: readonly WasmKernel[] = [
  overrideWasmKernel<{ x: TensorInfo }, { readonly reps: number[] }>(
    Tile,
    (heap, { x }, { reps }, builtIn) => {
      const axes = reps.flatMap((times, axis) => (times === 1 ? [] : [axis]));
      if (x.dtype === "string" || reps.length !== x.shape.length) return builtIn();
      const shape = x.shape.map((size, axis) => size * sizeAlong(reps, axis));
      if (util.sizeFromShape(shape) === 0) return heap.make(shape, x.dtype);
      // From the last axis to the first, each step makes a larger tensor.
      let now: TensorInfo = heap.share(x);
      for (const axis of axes.toReversed()) {
        const next = heap.make([...x.shape.slice(0, axis), ...shape.slice(axis)], x.dtype);
        const rows = util.sizeFromShape(now.shape.slice(0, axis));
        const bytes = util.sizeFromShape(now.shape.slice(axis)) * util.bytesPerElement(x.dtype);
        const [from, to] = [heap.addressOf(now), heap.addressOf(next)];
        heap.functions.repeatRows({ from, to, rows, bytes, times: sizeAlong(reps, axis) });
        heap.free(now);
        now = next;
      }
      return now;
    },
  ),
];
