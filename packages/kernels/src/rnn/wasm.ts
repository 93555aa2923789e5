import type { rnnScan, rnnScanGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { recurrenceRoom } from "../wasm/recurrence-room.ts";

/** A plain RNN with all time steps in one call, and its gradient: the state stays where it is, the weights are laid out once. */
export const rnn: readonly WasmKernel[] = [
  defineWasmKernel<typeof rnnScan>("PellucidRnn", (heap, inputs, { lengths, reverse, nonlinearity }) => {
    const { x, weight } = inputs;
    const [batch, time, hidden] = x.shape;
    const h = heap.copy(inputs.h);
    const y = heap.make(x.shape);
    heap.borrow(recurrenceRoom(batch, lengths, { depth: hidden, columns: hidden }), (room) =>
      heap.functions.rnn({
        x: heap.addressOf(x),
        weight: heap.addressOf(weight),
        h: heap.addressOf(h),
        y: heap.addressOf(y),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
        isRelu: nonlinearity === "relu",
      }),
    );
    return [y, h];
  }),
  defineWasmKernel<typeof rnnScanGradient>("PellucidRnnGradient", (heap, inputs, attributes) => {
    const { weight, y, dy } = inputs;
    const { lengths, reverse, nonlinearity } = attributes;
    const [batch, time, hidden] = y.shape;
    const dx = heap.make(y.shape);
    const dh = heap.copy(inputs.dh);
    heap.borrow(recurrenceRoom(batch, lengths, { depth: hidden, columns: hidden }), (room) =>
      heap.functions.rnnGradient({
        weight: heap.addressOf(weight),
        y: heap.addressOf(y),
        dy: heap.addressOf(dy),
        dx: heap.addressOf(dx),
        dh: heap.addressOf(dh),
        ...room,
        batch,
        whole: batch,
        time,
        hidden,
        isReversed: reverse,
        isRelu: nonlinearity === "relu",
      }),
    );
    return [dx, dh];
  }),
];
