import type { TensorInfo } from "@tensorflow/tfjs-core";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { panels, placeTable, tapTable } from "../wasm/window.ts";

type Inputs = Readonly<Record<"query" | "key" | "value" | "bias" | "kept", TensorInfo>>;

interface Attributes {
  readonly scale: number;
  readonly past: number | null;
  readonly biased: boolean;
  readonly dropped: boolean;
}

/** Attention a head at a time, so that its scores stay in the cache. */
export const attention: readonly WasmKernel[] = [
  defineWasmKernel<Inputs, Attributes>("PellucidAttention", (heap, inputs, attributes) => {
    const { query, key, value, bias, kept } = inputs;
    const { scale, past, biased, dropped } = attributes;
    const [batch, heads, queries, features] = query.shape as [number, number, number, number];
    const [, groups, keys, width] = value.shape as [number, number, number, number];
    const y = heap.make([batch, heads, queries, width]);
    const denominator = heap.make([batch, heads, queries]);
    const strides = Int32Array.from([...stridesOf(bias.shape), ...stridesOf(kept.shape)]);
    const weights = Math.max(panels(1, features, keys), panels(1, keys, width));
    const scratch = [strides, 4 * queries * keys, weights, tapTable(1), placeTable(queries)];
    heap.borrow(scratch, (...room) => {
      const operands = [query, key, value, biased ? bias : null, dropped ? kept : null, y, denominator];
      const places = operands.map((tensor) => heap.addressOf(tensor));
      const sizes = [batch, heads, groups, queries, keys, features, width];
      heap.functions.attention(...places, ...room, ...sizes, past ?? -1, scale);
    });
    return [y, denominator];
  }),
];

/** Bytes from one number to the next along each axis; 0 along those of length 1, which stand for any length. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((length, axis) =>
    length === 1 ? 0 : 4 * shape.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
}
