import {
  amax,
  checkRecord,
  checkShape,
  cumsum,
  logSigmoid,
  matMul,
  maximum,
  abs,
  type Step,
} from "@pellucid/core-train";
import {
  add,
  div,
  exp,
  expandDims,
  mul,
  neg,
  type Rank,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { type ChunkOptions, chunkSizeOf } from "../chunk-size-of.ts";
import { lowerTriangle } from "../lower-triangle.ts";
import { checkMatrixState, type MatrixStateInputs, readInChunks } from "./matrix-state.ts";

/** The state of an {@link mlstmScan}: a matrix, a normalizer, and the logarithm by which both are scaled. */
export type MlstmState = {
  /** `[batch, head, feature, value]` */
  readonly c: Tensor4D;
  /** `[batch, head, feature, 1]` */
  readonly n: Tensor4D;
  /** `[batch, head, 1, 1]` */
  readonly m: Tensor4D;
};

/** The inputs of {@link mlstmScan}. */
export interface MlstmInputs extends Omit<MatrixStateInputs, "initial"> {
  /** The logit of the exponential input gate, `[batch, head, time]`. */
  readonly inputGate: Tensor3D;
  /** The logit of the forget gate, `[batch, head, time]`. */
  readonly forgetGate: Tensor3D;
  /** The state after the previous time steps. Default: zeros. */
  readonly initial?: MlstmState;
}

/**
 * The mLSTM: a matrix memory with an exponential input gate,
 *
 *     C ← f C + i k vᵀ,   n ← f n + i k,   y = Cᵀ q / max(|nᵀ q|, 1),   f = sigmoid(f̃),   i = exp(ĩ)
 *
 * scaled by a running maximum so that nothing overflows. Within a chunk it is computed as attention with decays.
 *
 * Beck et al., 2024. xLSTM: extended long short-term memory. https://arxiv.org/abs/2405.04517. As transformers, 1e-6 is added to the
 * denominator; the query is to be divided by the root of its features by the caller.
 *
 * @param options.chunkSize Default: 64.
 * @returns `[batch, head, time, value]`, and the state after the last time step
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step.
 */
export function mlstmScan(given: MlstmInputs, options: ChunkOptions = {}): Step<Tensor4D, MlstmState> {
  const caller = "mlstmScan";
  checkRecord(caller, "the input", given, ["inputGate", "forgetGate"]);
  const { initial, ...inputs } = given;
  checkMatrixState(caller, inputs);
  const [batch, heads, time, features] = inputs.query.shape;
  const width = inputs.value.shape[3];
  checkShape(caller, "inputGate", inputs.inputGate, [batch, heads, time]);
  checkShape(caller, "forgetGate", inputs.forgetGate, [batch, heads, time]);
  if (initial !== undefined) {
    checkRecord(caller, "initial", initial, ["c", "n", "m"]);
    checkShape(caller, "initial.c", initial.c, [batch, heads, features, width]);
    checkShape(caller, "initial.n", initial.n, [batch, heads, features, 1]);
    checkShape(caller, "initial.m", initial.m, [batch, heads, 1, 1]);
  }
  const chunkSize = chunkSizeOf(caller, options, 64);
  const first = initial ?? {
    c: zeros<Rank.R4>([batch, heads, features, width]),
    n: zeros<Rank.R4>([batch, heads, features, 1]),
    m: zeros<Rank.R4>([batch, heads, 1, 1]),
  };
  return readInChunks(time, chunkSize, first, (part, state) => {
    const [query, key, value] = [part(inputs.query), part(inputs.key), part(inputs.value)];
    const input = part(inputs.inputGate);
    const since = cumsum(logSigmoid(part(inputs.forgetGate)), 2); // log of the decay since the start of the chunk
    const count = key.shape[2];
    const logits = causal(add(sub(expandDims(since, 3), expandDims(since, 2)), expandDims(input, 2)), count);
    const entering = add<Tensor4D>(expandDims(since, 3), state.m); // [batch, head, time, 1]
    const most = maximum(amax(logits, 3, true), entering) as Tensor4D; // [batch, head, time, 1]
    const weights = mul<Tensor4D>(matMul(query, key, false, true), exp(sub(logits, most)));
    const old = mul<Tensor4D>(query, exp(sub(entering, most)));
    const total = add(sum<Tensor4D>(weights, 3, true), matMul(old, state.n)); // nᵀ q
    const scale = add(maximum(abs(total), exp(neg(most))), 1e-6);
    const output = div<Tensor4D>(add(matMul(weights, value), matMul(old, state.c)), scale);

    const end: Tensor3D = slice(since, [0, 0, count - 1], [batch, heads, 1]);
    const lasting = expandDims(add(sub(end, since), input), 3) as Tensor4D; // log of what is left of each time step
    const whole = add<Tensor4D>(expandDims(end, 3), state.m);
    const m = maximum(amax(lasting, 2, true), whole) as Tensor4D; // [batch, head, 1, 1]
    const kept = exp(sub(whole, m));
    const written = mul<Tensor4D>(key, exp(sub(lasting, m)));
    return {
      output,
      state: {
        c: add<Tensor4D>(mul(state.c, kept), matMul(written, value, true, false)),
        n: add<Tensor4D>(mul(state.n, kept), expandDims(sum(written, 2), 3)),
        m,
      },
    };
  });
}

/** −1e30 for the future. */
function causal(logits: Tensor, count: number): Tensor4D {
  const past = lowerTriangle(count);
  return add(mul(logits, past), mul(sub(1, past), -1e30));
}
