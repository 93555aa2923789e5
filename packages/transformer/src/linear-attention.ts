import { checkArguments, checkShape, elu, matMul, type Step } from "@pellucid/core-train";
import { add, concat, div, ones, type Rank, slice, sum, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { retention, type RetentionInputs } from "./retention.ts";

/** Options for {@link linearAttention}. */
export interface LinearAttentionOptions {
  /** Makes features positive, so that their dot products can be weights. Default: `elu(x) + 1`. */
  readonly featureMap?: (x: Tensor4D) => Tensor4D;
}

/** Options for {@link causalLinearAttention}. */
export interface CausalLinearAttentionOptions extends LinearAttentionOptions {
  /** The number of time steps computed in parallel. Default: all. */
  readonly chunkSize?: number;
}

const eluPlusOne = (x: Tensor4D): Tensor4D => add(elu(x), 1);

/**
 * Linear attention: the weights are dot products of features instead of a softmax, so that keys and values can be summed before any
 * query is known. The cost grows with the length of the sequence, not with its square.
 *
 *     y = φ(q) (φ(k)ᵀ v) / φ(q) Σ φ(k)
 *
 * Katharopoulos et al., 2020. Transformers are RNNs. https://arxiv.org/abs/2006.16236
 *
 * Its weights are less sharp than those of a softmax.
 *
 * @returns `[batch, head, time, value]`
 * @throws {StructError} For what is not a record of tensors.
 * @throws {ShapeError} If the shapes do not fit together.
 */
export function linearAttention(
  input: Omit<RetentionInputs, "initial">,
  options: LinearAttentionOptions = {},
): Tensor4D {
  const caller = "linearAttention";
  checkArguments(caller, { "{ query, key, value }": { input }, record: { options } });
  const { query, key, value } = input;
  const { featureMap = eluPlusOne } = options;
  checkShape(caller, "query", query, ["batch", "head", "time", "feature"]);
  const [batch, heads, , features] = query.shape;
  checkShape(caller, "key", key, [batch, heads, "time", features]);
  checkShape(caller, "value", value, [batch, heads, key.shape[2], "value"]);
  return tidy(() => {
    const [q, k] = [featureMap(query), featureMap(key)];
    const summary = matMul<Tensor4D>(k, value, true, false); // [batch, head, feature, value]
    const total = sum<Tensor4D>(k, 2, true); // [batch, head, 1, feature]
    return div(matMul<Tensor4D>(q, summary), matMul(q, total, false, true));
  });
}

/**
 * {@link linearAttention} in which each query attends to the keys up to its own position. The size of its state does not depend on
 * the length of the sequence.
 *
 * @param inputs `initial` is the state after the previous time steps, `[batch, head, feature, value + 1]`
 * @returns `[batch, head, time, value]`, and the state after the last time step
 * @throws {StructError} For what is not a record of tensors.
 * @throws {ShapeError} If the shapes do not fit together.
 */
export function causalLinearAttention(
  input: RetentionInputs,
  options: CausalLinearAttentionOptions = {},
): Step<Tensor4D, Tensor4D> {
  const caller = "causalLinearAttention";
  checkArguments(caller, { "{ query, key, value }": { input }, record: { options } });
  const { query, key, value, ...state } = input;
  const { featureMap = eluPlusOne, ...chunks } = options;
  checkShape(caller, "query", query, ["batch", "head", "time", "feature"]);
  const [batch, heads, time] = query.shape;
  checkShape(caller, "key", key, query.shape);
  checkShape(caller, "value", value, [batch, heads, time, "value"]);
  const width = value.shape[3];
  return tidy(() => {
    // a value of 1 accumulates the sum of the weights, by which the output is divided
    const withOne = concat([value, ones<Rank.R4>([batch, heads, time, 1])], 3);
    const inputs = { query: featureMap(query), key: featureMap(key), value: withOne, ...state };
    const sums = retention(inputs, { ...chunks, decays: new Array<number>(heads).fill(1) });
    const output = div<Tensor4D>(
      slice(sums.output, [0, 0, 0, 0], [batch, heads, time, width]),
      slice(sums.output, [0, 0, 0, width], [batch, heads, time, 1]),
    );
    return { output, state: sums.state };
  });
}
