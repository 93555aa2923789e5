import type { TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { Heap } from "../wasm/heap.ts";
import { panels, placeTable, tapTable } from "../wasm/window.ts";

interface Attributes {
  /** How many moments each example has. */
  readonly lengths: readonly number[];
  /** Whether time runs backward. */
  readonly reverse: boolean;
}

type Tensors<Name extends string> = Record<Name, TensorInfo>;

/** Recurrences with all moments in one call, and their gradients: the state stays in place, the weights are laid out once. */
export const recurrence: readonly WasmKernel[] = [
  defineWasmKernel<Tensors<"x" | "weight" | "h" | "c">, Attributes>(
    "PellucidLstm",
    (heap, { x, weight, ...initial }, attributes) => {
      const [batch, time, hidden] = sizesOf(x, 4);
      const [h, c] = [heap.copy(initial.h), heap.copy(initial.c)];
      const [y, cells] = [heap.make([batch, time, hidden]), heap.make([batch, time, hidden])];
      const gates = heap.make(x.shape);
      run(heap, "lstm", [x, weight, h, c, y, gates, cells], attributes, {
        sizes: [batch, time, hidden],
        product: [hidden, 4 * hidden],
      });
      return [y, h, c, gates, cells];
    },
  ),
  defineWasmKernel<Tensors<"weight" | "c" | "gates" | "cells" | "dy" | "dh" | "dc">, Attributes>(
    "PellucidLstmGradient",
    (heap, { weight, c, gates, cells, dy, ...last }, attributes) => {
      const [batch, time, hidden] = sizesOf(gates, 4);
      const dx = heap.make(gates.shape);
      const [dh, dc] = [heap.copy(last.dh), heap.copy(last.dc)];
      run(heap, "lstmGradient", [weight, c, gates, cells, dy, dx, dh, dc], attributes, {
        sizes: [batch, time, hidden],
        product: [4 * hidden, hidden],
      });
      return [dx, dh, dc];
    },
  ),
  defineWasmKernel<Tensors<"x" | "weight" | "bias" | "h">, Attributes>(
    "PellucidGru",
    (heap, { x, weight, bias, ...initial }, attributes) => {
      const [batch, time, hidden] = sizesOf(x, 3);
      const h = heap.copy(initial.h);
      const [y, gates] = [heap.make([batch, time, hidden]), heap.make([batch, time, 4 * hidden])];
      run(heap, "gru", [x, weight, bias, h, y, gates], attributes, {
        sizes: [batch, time, hidden],
        product: [hidden, 3 * hidden],
      });
      return [y, h, gates];
    },
  ),
  defineWasmKernel<Tensors<"weight" | "h" | "y" | "gates" | "dy" | "dh">, Attributes>(
    "PellucidGruGradient",
    (heap, { weight, h, y, gates, dy, ...last }, attributes) => {
      const [batch, time, hidden] = sizesOf(y, 1);
      const [dx, du] = [heap.make([batch, time, 3 * hidden]), heap.make([batch, time, 3 * hidden])];
      const dh = heap.copy(last.dh);
      run(heap, "gruGradient", [weight, h, y, gates, dy, dx, du, dh], attributes, {
        sizes: [batch, time, hidden],
        product: [3 * hidden, hidden],
      });
      return [dx, du, dh];
    },
  ),
  defineWasmKernel<Tensors<"x" | "weight" | "h">, Attributes & Nonlinearity>(
    "PellucidRnn",
    (heap, { x, weight, ...initial }, attributes) => {
      const [batch, time, hidden] = sizesOf(x, 1);
      const h = heap.copy(initial.h);
      const y = heap.make(x.shape);
      run(heap, "rnn", [x, weight, h, y], attributes, {
        sizes: [batch, time, hidden],
        product: [hidden, hidden],
        more: [Number(attributes.nonlinearity === "relu")],
      });
      return [y, h];
    },
  ),
  defineWasmKernel<Tensors<"weight" | "y" | "dy" | "dh">, Attributes & Nonlinearity>(
    "PellucidRnnGradient",
    (heap, { weight, y, dy, ...last }, attributes) => {
      const [batch, time, hidden] = sizesOf(y, 1);
      const dx = heap.make(y.shape);
      const dh = heap.copy(last.dh);
      run(heap, "rnnGradient", [weight, y, dy, dx, dh], attributes, {
        sizes: [batch, time, hidden],
        product: [hidden, hidden],
        more: [Number(attributes.nonlinearity === "relu")],
      });
      return [dx, dh];
    },
  ),
];

interface Nonlinearity {
  readonly nonlinearity: "tanh" | "relu";
}

interface Work {
  readonly sizes: readonly [batch: number, time: number, hidden: number];
  /** The product that each moment needs, of the examples' rows with a matrix of so many rows and columns. */
  readonly product: readonly [depth: number, columns: number];
  readonly more?: readonly number[];
}

function run(
  heap: Heap,
  name: "gru" | "gruGradient" | "lstm" | "lstmGradient" | "rnn" | "rnnGradient",
  tensors: readonly TensorInfo[],
  { lengths, reverse }: Attributes,
  { sizes, product: [depth, columns], more = [] }: Work,
): void {
  const [batch] = sizes;
  const scratch = [4 * batch * columns, panels(1, depth, columns), tapTable(1), placeTable(batch)];
  heap.borrow([Int32Array.from(lengths), ...scratch], (...addresses) => {
    const places = tensors.map((tensor) => heap.addressOf(tensor));
    heap.functions[name](...places, ...addresses, ...sizes, Number(reverse), ...more);
  });
}

function sizesOf({ shape }: TensorInfo, gates: number): [batch: number, time: number, hidden: number] {
  const [batch, time, width] = shape as [number, number, number];
  return [batch, time, width / gates];
}
