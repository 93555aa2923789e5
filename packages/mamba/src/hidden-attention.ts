import { checkRecord, checkShape, cumsum, matMul } from "@pellucid/core-train";
import {
  add,
  exp,
  expandDims,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { lowerTriangle } from "./lower-triangle.ts";
import type { ScanSequence } from "./scan-step.ts";
import { semiseparableMask } from "./semiseparable-mask.ts";
import { checkDuality, type DualityInputs } from "./state-space-duality.ts";

/**
 * The attention matrix that a selective scan computes: the weight of `u` at time step `j` in `y` at time step `i`, for each channel,
 *
 *     α[i, j] = Σ C[i] exp(A (Δ[j + 1] + … + Δ[i])) Δ[j] B[j],   y = α u
 *
 * Unlike those of a softmax its entries may be negative, and its rows do not sum to 1.
 *
 * Ali, Zimerman and Wolf, 2024. The hidden attention of Mamba models. https://arxiv.org/abs/2403.01590
 *
 * @returns `[batch, channel, time, time]`; its size grows with the square of the sequence, so take short ones
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 */
export function hiddenAttention(inputs: Pick<ScanSequence, "delta" | "A" | "B" | "C">): Tensor4D {
  const caller = "hiddenAttention";
  checkRecord(caller, "the input", inputs, ["delta", "A", "B", "C"]);
  const { delta, A, B, C } = inputs;
  checkShape(caller, "delta", delta, ["batch", "time", "channel"]);
  const [batch, time, channels] = delta.shape;
  checkShape(caller, "A", A, [channels, "state"]);
  checkShape(caller, "B", B, [batch, time, A.shape[1]]);
  checkShape(caller, "C", C, B.shape);
  return tidy(() => {
    const mask = lowerTriangle(time);
    const steps = transpose(delta, [0, 2, 1]); // [batch, channel, time]
    const sums = cumsum(steps, 2);
    const elapsed = mul(sub(expandDims(sums, 3), expandDims(sums, 2)), mask); // [batch, channel, time, time]
    let attention: Tensor = zeros([batch, channels, time, time]);
    for (let n = 0; n < A.shape[1]; n++) {
      const earlier = attention;
      attention = tidy(() => {
        const rate = reshape(slice(A, [0, n], [channels, 1]), [channels, 1, 1]);
        const read = slice(C, [0, 0, n], [batch, time, 1]); // [batch, time, 1]
        const write = slice(B, [0, 0, n], [batch, time, 1]);
        const match = expandDims(matMul(read, write, false, true), 1); // [batch, 1, time, time]
        return add(earlier, mul(mul(exp(mul(elapsed, rate)), mask), match));
      });
      earlier.dispose();
    }
    return mul<Tensor4D>(attention, expandDims(steps, 2));
  });
}

/**
 * The attention matrix of the heads of Mamba-2, `C Bᵀ ∘ L` with `L` the {@link semiseparableMask}: `y = α x`.
 *
 * @returns `[batch, head, time, time]`
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step, or the groups do not divide the heads.
 */
export function dualAttention(inputs: Pick<DualityInputs, "x" | "a" | "B" | "C">): Tensor4D {
  checkDuality("dualAttention", inputs);
  const { x, a, B, C } = inputs;
  const heads = x.shape[2];
  const groups = B.shape[2];
  return tidy(() => {
    const scores = matMul(transpose(C, [0, 2, 1, 3]), transpose(B, [0, 2, 1, 3]), false, true);
    const shared = expandDims(scores, 2); // [batch, group, 1, time, time]
    const mask = semiseparableMask(transpose(a, [0, 2, 1])); // [batch, head, time, time]
    const [batch, , time] = mask.shape as [number, number, number, number];
    const grouped = reshape(mask, [batch, groups, heads / groups, time, time]);
    return reshape(mul(shared, grouped), [batch, heads, time, time]);
  });
}
