import { add, cast, mul, sub, type Tensor1D } from "@tensorflow/tfjs-core";

/** `r + γ (1 − d) v`: rewards, and the discounted values of what follows where the episode did not terminate. `[batch]` */
export const bootstrapped = (
  { rewards, terminated }: { readonly rewards: Tensor1D; readonly terminated: Tensor1D },
  values: Tensor1D,
  gamma: number,
): Tensor1D => add(rewards, mul(mul(gamma, sub(1, cast(terminated, "float32"))), values));
