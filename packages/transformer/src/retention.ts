import { checkShape, matMul, OptionError, ShapeError } from "@pellucid/core-train";
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

/** What retention is computed of. */
export interface RetentionInputs {
  /** `[batch, head, time, feature]` */
  readonly query: Tensor4D;
  /** `[batch, head, time, feature]` */
  readonly key: Tensor4D;
  /** `[batch, head, time, value]` */
  readonly value: Tensor4D;
  /** What was kept of the moments before, `[batch, head, feature, value]`. Default: nothing. */
  readonly initial?: Tensor4D;
}

/** How retention is computed. */
export interface RetentionOptions {
  /** What is left of a moment after the next one, for each head. Default: {@link retentionDecays}. */
  readonly decays?: readonly number[];
  /** How many moments are computed at once: all (a product of matrices), 1 (a recurrence) or any number between. Default: all. */
  readonly chunkSize?: number;
}

/** What comes of retention. */
export interface Retained {
  /** `[batch, head, time, value]` */
  readonly y: Tensor4D;
  /** All that is kept, of one size however long the sequence was: `[batch, head, feature, value]`. */
  readonly state: Tensor4D;
}

/** The paper's decays of heads: `1 − 2^(−5 − i)`. */
export function retentionDecays(heads: number): readonly number[] {
  return Array.from({ length: heads }, (_, i) => 1 - 2 ** (-5 - i));
}

/**
 * Attention without a softmax, in which what is past fades: `y = (q kᵀ ∘ γ^(i − j)) v` for `j ≤ i`. So it is a recurrence too,
 *
 *     S ← γ S + kᵀ v,   y = q S
 *
 * and any chunk in between; all give the same numbers. Scales, rotations and the norm of each head are the caller's.
 *
 * Sun et al., 2023. Retentive network. https://arxiv.org/abs/2307.08621
 *
 * @throws {ShapeError} If the shapes do not go together.
 */
export function retention(inputs: RetentionInputs, options: RetentionOptions = {}): Retained {
  const { query, key, value } = inputs;
  const who = "retention";
  checkShape(who, "query", query, ["batch", "head", "time", "feature"]);
  checkShape(who, "key", key, query.shape);
  const [batch, heads, time, features] = query.shape;
  checkShape(who, "value", value, [batch, heads, time, "value"]);
  const width = value.shape[3];
  if (inputs.initial !== undefined)
    checkShape(who, "initial", inputs.initial, [batch, heads, features, width]);
  const { decays = retentionDecays(heads), chunkSize = Math.max(time, 1) } = options;
  if (decays.length !== heads)
    throw new ShapeError(
      `${who}: there are ${decays.length} decays, expected one for each of ${heads} heads.`,
    );
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new OptionError(who, "chunkSize", chunkSize, "a whole number above 0");
  return tidy(() => {
    let state: Tensor4D = inputs.initial ?? zeros([batch, heads, features, width]);
    const parts: Tensor4D[] = [];
    for (let from = 0; from < time; from += chunkSize) {
      const count = Math.min(chunkSize, time - from);
      const part = (x: Tensor4D): Tensor4D => slice(x, [0, 0, from, 0], [batch, heads, count, x.shape[3]]);
      const [q, k, v] = [part(query), part(key), part(value)];
      const within = matMul<Tensor4D>(mul(matMul(q, k, false, true), fading(decays, count)), v);
      const entering = perMoment(decays, count, (i) => i + 1);
      parts.push(add(within, mul(matMul(q, state), entering)));
      const lasting = perMoment(decays, count, (i) => count - 1 - i);
      const whole = reshape(tensor1d(decays.map((decay) => decay ** count)), [1, heads, 1, 1]);
      state = add(mul(state, whole), matMul(mul(k, lasting), v, true, false));
    }
    return { y: concat(parts, 2), state };
  });
}

/** `γ^(i − j)` where `j ≤ i`, else 0: `[1, head, time, time]`. */
function fading(decays: readonly number[], time: number): Tensor {
  const values = decays.flatMap((decay) =>
    Array.from({ length: time * time }, (_, at) => {
      const [i, j] = [Math.floor(at / time), at % time];
      return j <= i ? decay ** (i - j) : 0;
    }),
  );
  return tensor(values, [1, decays.length, time, time]);
}

/** A power of each head's decay for each moment: `[1, head, time, 1]`. */
function perMoment(decays: readonly number[], time: number, power: (i: number) => number): Tensor {
  const values = decays.flatMap((decay) => Array.from({ length: time }, (_, i) => decay ** power(i)));
  return tensor(values, [1, decays.length, time, 1]);
}
