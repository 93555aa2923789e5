import type { gruScan, gruScanGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { recurrenceRoom } from "../wasm/recurrence-room.ts";

/** A GRU with all time steps in one call, and its gradient: the state stays where it is, the weights are laid out once. */
export const gru: readonly WasmKernel[] = [
  defineWasmKernel<typeof gruScan>("PellucidGru", (heap, inputs, { lengths, reverse }) => {
    const { x, weight, bias } = inputs;
    const [batch, time] = x.shape;
    const [hidden] = weight.shape;
    const h = heap.copy(inputs.h);
    const [y, gates] = [heap.make([batch, time, hidden]), heap.make([batch, time, 4 * hidden])];
    heap.borrow(recurrenceRoom(batch, lengths, { depth: hidden, columns: 3 * hidden }), (room) =>
      heap.functions.gru({
        x: heap.addressOf(x),
        weight: heap.addressOf(weight),
        bias: heap.addressOf(bias),
        h: heap.addressOf(h),
        y: heap.addressOf(y),
        gates: heap.addressOf(gates),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
      }),
    );
    return [y, h, gates];
  }),
  defineWasmKernel<typeof gruScanGradient>("PellucidGruGradient", (heap, inputs, { lengths, reverse }) => {
    const { weight, h, y, gates, dy } = inputs;
    const [batch, time, hidden] = y.shape;
    const [dx, du] = [heap.make([batch, time, 3 * hidden]), heap.make([batch, time, 3 * hidden])];
    const dh = heap.copy(inputs.dh);
    heap.borrow(recurrenceRoom(batch, lengths, { depth: 3 * hidden, columns: hidden }), (room) =>
      heap.functions.gruGradient({
        weight: heap.addressOf(weight),
        initial: heap.addressOf(h),
        y: heap.addressOf(y),
        gates: heap.addressOf(gates),
        dy: heap.addressOf(dy),
        dx: heap.addressOf(dx),
        du: heap.addressOf(du),
        dh: heap.addressOf(dh),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
      }),
    );
    return [dx, du, dh];
  }),
];
