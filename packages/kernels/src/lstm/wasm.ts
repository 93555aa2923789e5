import type { lstmScan, lstmScanGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { recurrenceRoom } from "../wasm/recurrence-room.ts";

/** An LSTM with all time steps in one call, and its gradient: the state stays where it is, the weights are laid out once. */
export const lstm: readonly WasmKernel[] = [
  defineWasmKernel<typeof lstmScan>("PellucidLstm", (heap, inputs, { lengths, reverse }) => {
    const { x, weight } = inputs;
    const [batch, time] = x.shape;
    const [hidden] = weight.shape;
    const [h, c] = [heap.copy(inputs.h), heap.copy(inputs.c)];
    const [y, cells] = [heap.make([batch, time, hidden]), heap.make([batch, time, hidden])];
    const gates = heap.make(x.shape);
    heap.borrow(recurrenceRoom(batch, lengths, { depth: hidden, columns: 4 * hidden }), (room) =>
      heap.functions.lstm({
        x: heap.addressOf(x),
        weight: heap.addressOf(weight),
        h: heap.addressOf(h),
        c: heap.addressOf(c),
        y: heap.addressOf(y),
        gates: heap.addressOf(gates),
        cells: heap.addressOf(cells),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
      }),
    );
    return [y, h, c, gates, cells];
  }),
  defineWasmKernel<typeof lstmScanGradient>("PellucidLstmGradient", (heap, inputs, { lengths, reverse }) => {
    const { weight, c, gates, cells, dy } = inputs;
    const [batch, time, hidden] = dy.shape;
    const dx = heap.make(gates.shape);
    const [dh, dc] = [heap.copy(inputs.dh), heap.copy(inputs.dc)];
    heap.borrow(recurrenceRoom(batch, lengths, { depth: 4 * hidden, columns: hidden }), (room) =>
      heap.functions.lstmGradient({
        weight: heap.addressOf(weight),
        initial: heap.addressOf(c),
        gates: heap.addressOf(gates),
        cells: heap.addressOf(cells),
        dy: heap.addressOf(dy),
        dx: heap.addressOf(dx),
        dh: heap.addressOf(dh),
        dc: heap.addressOf(dc),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
      }),
    );
    return [dx, dh, dc];
  }),
];
