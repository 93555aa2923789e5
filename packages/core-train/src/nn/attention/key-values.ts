import { concat, type Tensor, type Tensor4D, zeros } from "@tensorflow/tfjs-core";

/** The keys and values that an attention remembers of a sequence, in that it can go on: `[batch, head, time, feature]` each. */
export interface KeyValues extends Record<string, Tensor> {
  readonly key: Tensor4D;
  readonly value: Tensor4D;
}

/** What comes of some more moments. */
export interface Advanced<Y extends Tensor, State> {
  readonly y: Y;
  /** What is remembered now; the one before stays the caller's. */
  readonly state: State;
}

/** What is remembered before a sequence: nothing. */
export function noKeyValues(batch: number, heads: number, width: number): KeyValues {
  const none = () => zeros<Tensor4D["rankType"]>([batch, heads, 0, width]);
  return { key: none(), value: none() };
}

/** What is remembered after some more moments. */
export function remember(before: KeyValues, key: Tensor4D, value: Tensor4D): KeyValues {
  return { key: concat([before.key, key], 2), value: concat([before.value, value], 2) };
}
