import { checkShape, cumsum, matMul, type Step } from "@pellucid/core-train";
import { add, exp, expandDims, mul, slice, sub, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { type ChunkOptions, chunkSizeOf } from "../chunk-size-of.ts";
import { checkMatrixState, firstState, type MatrixStateInputs, readInChunks } from "./matrix-state.ts";
import { semiseparableMask } from "../semiseparable-mask.ts";
import { unitLowerInverse } from "./unit-lower-inverse.ts";

/** The inputs of {@link gatedDeltaRule}. */
export interface GatedDeltaInputs extends MatrixStateInputs {
  /** The logarithm of the decay, 0 or below, `[batch, head, time]`. Zeros: the delta rule without a gate. */
  readonly a: Tensor3D;
  /** How much of an error is corrected, 0 to 1 (to 2: with negative eigenvalues), `[batch, head, time]`. */
  readonly beta: Tensor3D;
}

/**
 * The gated delta rule: the state forgets, then is corrected so that it maps the key to the value, as one step of gradient descent on
 * `½ ‖kᵀ S − v‖²` with rate β:
 *
 *     S ← eᵃ S,   S ← S + β k (v − kᵀ S)ᵀ,   y = qᵀ S
 *
 * Keys should have length 1. Within a chunk all corrections come from one triangular system, so that matrix products do the work.
 *
 * Yang, Kautz and Hatamizadeh, 2024, https://arxiv.org/abs/2412.06464; in chunks: Yang et al., 2024, https://arxiv.org/abs/2406.06484.
 * transformers' `torch_chunk_gated_delta_rule` also divides the query by the root of its features; here the caller does.
 *
 * @param options.chunkSize Default: 64.
 * @returns `[batch, head, time, value]`, and the state after the last time step, `[batch, head, feature, value]`
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step.
 */
export function gatedDeltaRule(
  inputs: GatedDeltaInputs,
  options: ChunkOptions = {},
): Step<Tensor4D, Tensor4D> {
  const caller = "gatedDeltaRule";
  checkMatrixState(caller, inputs, ["a", "beta"]);
  const [batch, heads, time] = inputs.query.shape;
  checkShape(caller, "a", inputs.a, [batch, heads, time]);
  checkShape(caller, "beta", inputs.beta, [batch, heads, time]);
  const chunkSize = chunkSizeOf(caller, options, 64);
  return readInChunks(time, chunkSize, firstState(inputs), (part, state) => {
    const [query, key, value] = [part(inputs.query), part(inputs.key), part(inputs.value)];
    const a = part(inputs.a); // [batch, head, time]
    const beta = expandDims(part(inputs.beta), 3);
    const since = cumsum(a, 2); // the logarithm of the decay since the start of the chunk
    const decayed = expandDims(exp(since), 3);
    const mask = semiseparableMask(a); // [batch, head, time, time]

    // what each time step adds once the corrections of those before it in the chunk are known
    const system = mul<Tensor4D>(matMul(mul(key, beta), key, false, true), mask);
    const inverse = unitLowerInverse(system);
    const known = matMul(mul(mul(key, beta), decayed), state); // what the entering state predicts, times β
    const corrections: Tensor4D = matMul(inverse, sub(mul(value, beta), known)); // [batch, head, time, value]

    const inside = matMul<Tensor4D>(mul(matMul(query, key, false, true), mask), corrections);
    const output = add<Tensor4D>(inside, matMul(mul(query, decayed), state));
    const count = key.shape[2];
    const end = slice(since, [0, 0, count - 1], [batch, heads, 1]);
    const lasting = mul(key, expandDims(exp(sub(end, since)), 3));
    const kept = mul<Tensor4D>(state, expandDims(exp(end), 3));
    return { output, state: add<Tensor4D>(kept, matMul(lasting, corrections, true, false)) };
  });
}
