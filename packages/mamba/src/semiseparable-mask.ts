import { cumsum } from "@pellucid/core-train";
import { exp, expandDims, mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { causalMask } from "./causal-mask.ts";

/**
 * What is left, at moment `i`, of what was written at moment `j`: `exp(a[j + 1] + … + a[i])`, and nothing of what is yet to
 * come. With `a = 0` it is the mask of causal attention; without softmax and with decay it makes attention and a state space one.
 *
 * It is 1-semiseparable: each block below the diagonal has rank 1, which is why a state of one number per entry can do it.
 *
 * Dao and Gu, 2024. Transformers are SSMs. https://arxiv.org/abs/2405.21060
 *
 * @param a the logarithm of what each moment leaves, `[..., time]`, 0 at most
 * @returns `[..., time, time]`, from the moment it is read to the moment it was written
 */
export function semiseparableMask(a: Tensor): Tensor {
  return tidy(() => {
    const time = a.shape.at(-1) as number;
    const past = causalMask(time);
    const sums = cumsum(a, -1);
    const lasting = sub(expandDims(sums, -1), expandDims(sums, -2)); // [..., i, j]: a[j + 1] + … + a[i]
    return mul(exp(mul(lasting, past)), past); // masked before, since exp of what is yet to come may be infinite
  });
}
