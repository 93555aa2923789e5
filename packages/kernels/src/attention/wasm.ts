import type { attend, attendGradient } from "@pellucid/core-train/ops";
import { defineWasmKernel, type WasmKernel } from "../wasm/define-wasm-kernel.ts";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { inFours, packedRoom, panels } from "../wasm/window.ts";

/** Attention a head at a time, so that its scores stay in the processor's cache. */
export const attention: readonly WasmKernel[] = [
  defineWasmKernel<typeof attend>("PellucidAttention", (heap, inputs, attributes) => {
    const { query, key, value, bias, dropoutMask } = inputs;
    const { scale, offset, biased, dropped } = attributes;
    const [batch, heads, queries, features] = query.shape;
    const [, groups, keys, width] = value.shape;
    const y = heap.make([batch, heads, queries, width]);
    const denominator = heap.make([batch, heads, queries]);
    const block = Math.min(queries, BLOCK);
    const room = {
      strides: stridesOf(bias, dropoutMask),
      scores: 4 * block * keys,
      keyPanels: panels(1, features, keys),
      panels: panels(1, keys, width),
      parts: 4 * inFours(block * width),
      sums: 8 * inFours(block * width),
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
        block,
        offset: offset ?? -1,
        scale,
      }),
    );
    return [y, denominator];
  }),
  defineWasmKernel<typeof attendGradient>("PellucidAttentionGradient", (heap, inputs, attributes) => {
    const { query, key, value, bias, dropoutMask, y, denominator, dy, dDenominator } = inputs;
    const { scale, offset, biased, dropped } = attributes;
    const [batch, heads, queries, features] = query.shape;
    const [, groups, keys, width] = value.shape;
    const [dq, dk, dv] = [heap.make(query.shape), heap.make(key.shape), heap.make(value.shape)];
    const block = Math.min(queries, BLOCK);
    const room = {
      strides: stridesOf(bias, dropoutMask),
      weights: 4 * block * keys,
      scores: 4 * block * keys,
      offsets: 4 * keys,
      keySums: 8 * keys * inFours(features),
      valueSums: 8 * keys * inFours(width),
      keyPanels: panels(1, features, keys),
      valuePanels: panels(1, width, keys),
      panels: panels(1, keys, features),
      parts: 4 * inFours(block * features),
      sums: 8 * inFours(block * features),
      packed: packedRoom(block, Math.max(features, width)),
    };
    heap.borrow(room, (borrowed) =>
      heap.functions.attentionGradient({
        q: heap.addressOf(query),
        k: heap.addressOf(key),
        v: heap.addressOf(value),
        bias: heap.addressOf(biased ? bias : null),
        dropoutMask: heap.addressOf(dropped ? dropoutMask : null),
        y: heap.addressOf(y),
        denominators: heap.addressOf(denominator),
        dy: heap.addressOf(dy),
        dDenominators: heap.addressOf(dDenominator),
        dq: heap.addressOf(dq),
        dk: heap.addressOf(dk),
        dv: heap.addressOf(dv),
        ...borrowed,
        batch,
        heads,
        groups,
        queries,
        keys,
        features,
        width,
        block,
        offset: offset ?? -1,
        scale,
      }),
    );
    return [dq, dk, dv];
  }),
];

/** How many queries of a head go together: their scores stay in the second cache, and memory grows with the number of keys, not with its square. */
const BLOCK = 96;

/** Bytes from one number to the next along each axis of the bias, then of the mask; 0 along those of length 1, which broadcast. */
const stridesOf = (...tensors: readonly TensorInfo[]): Int32Array =>
  Int32Array.from(
    tensors.flatMap(({ shape }) =>
      shape.map((length, axis) =>
        length === 1 ? 0 : 4 * shape.slice(axis + 1).reduce((product, size) => product * size, 1),
      ),
    ),
  );
