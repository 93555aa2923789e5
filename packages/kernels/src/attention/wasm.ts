import type { attend } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { panels } from "../wasm/window.ts";

/** Attention a head at a time, so that its scores stay in the processor's cache. */
export const attention: readonly WasmKernel[] = [
  defineWasmKernel<typeof attend>("PellucidAttention", (heap, inputs, attributes) => {
    const { query, key, value, bias, dropoutMask } = inputs;
    const { scale, offset, biased, dropped } = attributes;
    const [batch, heads, queries, features] = query.shape;
    const [, groups, keys, width] = value.shape;
    const y = heap.make([batch, heads, queries, width]);
    const denominator = heap.make([batch, heads, queries]);
    const room = {
      strides: Int32Array.from([...stridesOf(bias.shape), ...stridesOf(dropoutMask.shape)]),
      scores: 4 * queries * keys,
      panels: Math.max(panels(1, features, keys), panels(1, keys, width)),
    };
    heap.borrow(room, (borrowed) =>
      heap.functions.attention({
        q: heap.addressOf(query),
        k: heap.addressOf(key),
        v: heap.addressOf(value),
        bias: heap.addressOf(biased ? bias : null),
        dropoutMask: heap.addressOf(dropped ? dropoutMask : null),
        y: heap.addressOf(y),
        denominators: heap.addressOf(denominator),
        ...borrowed,
        batch,
        heads,
        groups,
        queries,
        keys,
        features,
        width,
        offset: offset ?? -1,
        scale,
      }),
    );
    return [y, denominator];
  }),
];

/** Bytes from one number to the next along each axis; 0 along those of length 1, which broadcast. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((length, axis) =>
    length === 1 ? 0 : 4 * shape.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
}
