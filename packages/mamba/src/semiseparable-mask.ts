import { checkShape, cumsum } from "@pellucid/core-train";
import { exp, expandDims, mul, sub, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { lowerTriangle } from "./lower-triangle.ts";

/**
 * The decay from time step `j` to time step `i`, `exp(a[j + 1] + … + a[i])` for `j ≤ i`, otherwise 0. With `a = 0` it is a causal mask;
 * with decay, and without a softmax, it makes attention equal to a state space.
 *
 * It is 1-semiseparable: each block below the diagonal has rank 1, so that one number per entry of the state is enough.
 *
 * Dao and Gu, 2024. Transformers are SSMs. https://arxiv.org/abs/2405.21060
 *
 * @param a the logarithm of the decay of each time step, 0 or below, `[..., time]`
 * @returns `[..., time, time]`
 * @throws {StructError} For what is not a tensor.
 */
export function semiseparableMask(a: Tensor): Tensor {
  checkShape("semiseparableMask", "a", a, ["...", "time"]);
  return tidy(() => {
    const time = a.shape.at(-1) ?? 1;
    const mask = lowerTriangle(time);
    const sums = cumsum(a, -1);
    const logDecay = sub(expandDims(sums, -1), expandDims(sums, -2)); // [..., i, j]: a[j + 1] + … + a[i]
    return mul(exp(mul(logDecay, mask)), mask); // masked before exp, too, which may overflow above the diagonal
  });
}
