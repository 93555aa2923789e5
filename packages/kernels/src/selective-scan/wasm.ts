import type { SelectiveScanGradientOp, SelectiveScanOp } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";

/** A recurrence that chooses by its input what to keep, in one pass over time, and its gradient in two. */
export const selectiveScan: readonly WasmKernel[] = [
  defineWasmKernel<SelectiveScanOp>("PellucidSelectiveScan", (heap, { u, delta, A, B, C, initial }) => {
    const [batch, time, channels] = u.shape;
    const [, size] = A.shape;
    const y = heap.make(u.shape);
    const state = heap.copy(initial);
    heap.functions.selectiveScan({
      u: heap.addressOf(u),
      delta: heap.addressOf(delta),
      A: heap.addressOf(A),
      B: heap.addressOf(B),
      C: heap.addressOf(C),
      h: heap.addressOf(state),
      y: heap.addressOf(y),
      batch,
      time,
      channels,
      size,
    });
    return [y, state];
  }),

  defineWasmKernel<SelectiveScanGradientOp>("PellucidSelectiveScanGradient", (heap, inputs) => {
    const { u, delta, A, B, C, initial, dy, dState } = inputs;
    const [batch, time, channels] = u.shape;
    const [, size] = A.shape;
    const [du, dDelta, dA] = [heap.make(u.shape), heap.make(delta.shape), heap.make(A.shape)];
    const [dB, dC, g] = [heap.make(B.shape), heap.make(C.shape), heap.copy(dState)];
    const [columns, state] = [channels * size, 4 * channels * size];
    const blocks = {
      states: (time + 1) * state,
      decays: time * state,
      each: batch * state,
      sums: 2 * state,
      sumsOfA: 2 * state,
      sumsOfB: 8 * size,
      sumsOfC: 8 * size,
    };
    heap.borrow(blocks, ({ each, sums, ...room }) => {
      heap.functions.selectiveScanGradient({
        u: heap.addressOf(u),
        delta: heap.addressOf(delta),
        A: heap.addressOf(A),
        B: heap.addressOf(B),
        C: heap.addressOf(C),
        initial: heap.addressOf(initial),
        dy: heap.addressOf(dy),
        du: heap.addressOf(du),
        dDelta: heap.addressOf(dDelta),
        dA: each,
        dB: heap.addressOf(dB),
        dC: heap.addressOf(dC),
        g: heap.addressOf(g),
        ...room,
        batch,
        time,
        channels,
        size,
      });
      const tables = { x: each, sums: heap.addressOf(dA), room: sums, tables: 1, rows: batch };
      heap.functions.columnSum({ ...tables, columns, fold: 1, factor: 1 });
    });
    return [du, dDelta, dA, dB, dC, g];
  }),
];
