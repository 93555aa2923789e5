import { checkShape, cumsum, matMul, type Step } from "@pellucid/core-train";
import {
  add,
  exp,
  expandDims,
  mul,
  type Rank,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { lowerTriangle } from "../lower-triangle.ts";
import { type ChunkOptions, chunkSizeOf } from "../chunk-size-of.ts";
import { checkMatrixState, firstState, type MatrixStateInputs, readInChunks } from "./matrix-state.ts";

/** The inputs of {@link gatedLinearAttention}. */
export interface GatedLinearInputs extends MatrixStateInputs {
  /** The logarithm of the decay of each feature of the key, 0 or below, `[batch, head, time, feature]`. */
  readonly a: Tensor4D;
}

/**
 * Linear attention whose state decays by a gate for each feature of the key:
 *
 *     S ← diag(eᵃ) S + k vᵀ,   y = qᵀ S
 *
 * Yang et al., 2023. Gated linear attention transformers with hardware-efficient training. https://arxiv.org/abs/2312.06635
 *
 * Within a chunk the decays between all pairs of time steps are computed from differences of logarithms, so that nothing overflows.
 *
 * @param options.chunkSize Default: 16.
 * @returns `[batch, head, time, value]`, and the state after the last time step, `[batch, head, feature, value]`
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step.
 */
export function gatedLinearAttention(
  inputs: GatedLinearInputs,
  options: ChunkOptions = {},
): Step<Tensor4D, Tensor4D> {
  const caller = "gatedLinearAttention";
  checkMatrixState(caller, inputs, ["a"]);
  const [batch, heads, time, features] = inputs.query.shape;
  checkShape(caller, "a", inputs.a, inputs.query.shape);
  const chunkSize = chunkSizeOf(caller, options, 16);
  return readInChunks(time, chunkSize, firstState(inputs), (part, state) => {
    const [query, key, value] = [part(inputs.query), part(inputs.key), part(inputs.value)];
    const since = cumsum(part(inputs.a), 2); // the logarithm of the decay since the start of the chunk
    const count = key.shape[2];
    const weights = pairWeights(query, key, since);
    const output = add<Tensor4D>(matMul(weights, value), matMul(mul(query, exp(since)), state));
    const end: Tensor4D = slice(since, [0, 0, count - 1, 0], [batch, heads, 1, features]);
    const lasting = mul(key, exp(sub(end, since)));
    const kept = mul<Tensor4D>(state, transpose(exp(end), [0, 1, 3, 2]));
    return { output, state: add<Tensor4D>(kept, matMul(lasting, value, true, false)) };
  });
}

/** `Σ q[i] k[j] exp(since[i] − since[j])` over the features where `j ≤ i`, else 0: `[batch, head, time, time]`. */
function pairWeights(query: Tensor4D, key: Tensor4D, since: Tensor4D): Tensor4D {
  const count = key.shape[2];
  const mask = reshape<Rank.R4>(lowerTriangle(count), [1, count, count, 1]);
  const between = mul(sub(expandDims(since, 3), expandDims(since, 2)), mask); // 0 for the future, where it would be above 0
  const decays = mul(exp(between), mask); // [batch, head, time, time, feature]
  const products: Tensor = mul(expandDims(query, 3), expandDims(key, 2));
  return sum(mul(products, decays), 4);
}
