import { concat, type Tensor, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { checkSizes } from "../../check-values.ts";

/** The key-value cache of an attention layer: keys and values of all time steps so far, `[batch, head, time, feature]` each. */
export interface KeyValues extends Record<string, Tensor> {
  readonly key: Tensor4D;
  readonly value: Tensor4D;
}

/** An empty key-value cache. */
export function emptyKeyValues(batch: number, heads: number, features: number): KeyValues {
  checkSizes("emptyKeyValues", { batch, heads, features }, 0);
  const empty = () => zeros<Tensor4D["rankType"]>([batch, heads, 0, features]);
  return { key: empty(), value: empty() };
}

/** The cache with the keys and values of the next time steps at its end. */
export function appendKeyValues(cache: KeyValues, key: Tensor4D, value: Tensor4D): KeyValues {
  return { key: concat([cache.key, key], 2), value: concat([cache.value, value], 2) };
}
