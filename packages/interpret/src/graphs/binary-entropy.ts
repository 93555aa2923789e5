import { add, log, mul, neg, sub, type Tensor } from "@tensorflow/tfjs-core";

/** `−p log(p + ε) − (1 − p) log(1 − p + ε)` of each probability: how far a mask is from deciding. */
export function binaryEntropy<T extends Tensor>(p: T, eps: number): T {
  const part = (q: Tensor) => mul(q, log(add(q, eps)));
  return neg(add(part(p), part(sub(1, p)))) as T;
}
