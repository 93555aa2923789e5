import {
  checkArguments,
  checkShape,
  checkSizes,
  matMul,
  OptionError,
  ShapeError,
  type Step,
} from "@pellucid/core-train";
import {
  add,
  concat,
  mul,
  reshape,
  slice,
  type Tensor,
  tensor,
  tensor1d,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";

/** The inputs of {@link retention}. */
export interface RetentionInputs {
  /** `[batch, head, time, feature]` */
  readonly query: Tensor4D;
  /** `[batch, head, time, feature]` */
  readonly key: Tensor4D;
  /** `[batch, head, time, value]` */
  readonly value: Tensor4D;
  /** The state after the previous time steps, `[batch, head, feature, value]`. Default: zeros. */
  readonly initial?: Tensor4D;
}

/** Options for {@link retention}. */
export interface RetentionOptions {
  /** The decay of each head per time step. Default: {@link retentionDecays}. */
  readonly decays?: readonly number[];
  /** The number of time steps computed in parallel: all (a product of matrices), 1 (a recurrence) or any number between. Default: all. */
  readonly chunkSize?: number;
}

/**
 * The decays of the paper, `1 − 2^(−5 − i)` for head `i`.
 *
 * @throws {OptionError} If there are not one or more heads.
 */
export function retentionDecays(heads: number): readonly number[] {
  checkSizes("retentionDecays", { heads });
  return Array.from({ length: heads }, (_, i) => 1 - 2 ** (-5 - i));
}

/**
 * Retention: causal attention without a softmax, whose scores decay with distance, `y = (q kᵀ ∘ γ^(i − j)) v` for `j ≤ i`. It is
 * also a recurrence,
 *
 *     S ← γ S + kᵀ v,   y = q S
 *
 * and can be computed in chunks of any size; all give the same numbers. It has no scales, rotations or
 * norms.
 *
 * Sun et al., 2023. Retentive network. https://arxiv.org/abs/2307.08621
 *
 * @returns `[batch, head, time, value]`, and the state after the last time step, `[batch, head, feature, value]`, whose size does not
 *   grow with the sequence
 * @throws {StructError} For what is not a record of tensors.
 * @throws {ShapeError} If the shapes do not fit together.
 */
export function retention(inputs: RetentionInputs, options: RetentionOptions = {}): Step<Tensor4D, Tensor4D> {
  const caller = "retention";
  checkArguments(caller, { "{ query, key, value }": { inputs }, record: { options } });
  const { query, key, value } = inputs;
  checkShape(caller, "query", query, ["batch", "head", "time", "feature"]);
  checkShape(caller, "key", key, query.shape);
  const [batch, heads, time, features] = query.shape;
  checkShape(caller, "value", value, [batch, heads, time, "value"]);
  const width = value.shape[3];
  if (inputs.initial !== undefined)
    checkShape(caller, "initial", inputs.initial, [batch, heads, features, width]);
  const { decays = retentionDecays(heads), chunkSize = Math.max(time, 1) } = options;
  if (decays.length !== heads)
    throw new ShapeError(
      `${caller}: there are ${decays.length} decays, expected one for each of ${heads} heads.`,
    );
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new OptionError(caller, "chunkSize", chunkSize, "an integer above 0");
  return tidy(() => {
    let state: Tensor4D = inputs.initial ?? zeros([batch, heads, features, width]);
    const parts: Tensor4D[] = [];
    for (let from = 0; from < time; from += chunkSize) {
      const count = Math.min(chunkSize, time - from);
      const part = (x: Tensor4D): Tensor4D => slice(x, [0, 0, from, 0], [batch, heads, count, x.shape[3]]);
      const [q, k, v] = [part(query), part(key), part(value)];
      const inside = matMul<Tensor4D>(mul(matMul(q, k, false, true), decayMask(decays, count)), v);
      const entering = perTimeStep(decays, count, (i) => i + 1);
      parts.push(add(inside, mul(matMul(q, state), entering)));
      const lasting = perTimeStep(decays, count, (i) => count - 1 - i);
      const whole = reshape(tensor1d(decays.map((decay) => decay ** count)), [1, heads, 1, 1]);
      state = add(mul(state, whole), matMul(mul(k, lasting), v, true, false));
    }
    return { output: concat(parts, 2), state };
  });
}

/** `γ^(i − j)` where `j ≤ i`, else 0: `[1, head, time, time]`. */
function decayMask(decays: readonly number[], time: number): Tensor {
  const values = decays.flatMap((decay) =>
    Array.from({ length: time * time }, (_, at) => {
      const [i, j] = [Math.floor(at / time), at % time];
      return j <= i ? decay ** (i - j) : 0;
    }),
  );
  return tensor(values, [1, decays.length, time, time]);
}

/** A power of the decay of each head for each time step: `[1, head, time, 1]`. */
function perTimeStep(decays: readonly number[], time: number, power: (i: number) => number): Tensor {
  const values = decays.flatMap((decay) => Array.from({ length: time }, (_, i) => decay ** power(i)));
  return tensor(values, [1, decays.length, time, 1]);
}
