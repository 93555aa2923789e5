import { checkRecord, checkShape, DataError, logSumExp, softmax, type Step } from "@pellucid/core-train";
import {
  add,
  concat,
  expandDims,
  mul,
  range,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  tensor2d,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";

/** A weighted mean of the values read so far, and the logarithm of its total weight, each `[batch, channel]`. */
export type WkvState = {
  readonly mean: Tensor2D;
  readonly logWeight: Tensor2D;
};

/** The inputs of {@link wkv}. */
export interface WkvInputs {
  /** `[batch, time, channel]` */
  readonly key: Tensor3D;
  /** `[batch, time, channel]` */
  readonly value: Tensor3D;
  /** How much the logarithm of a weight falls per time step, above 0, `[channel]`. */
  readonly decay: Tensor1D;
  /** Added to the key of the current time step, `[channel]`. */
  readonly first: Tensor1D;
  readonly initial: WkvState;
}

/** The time steps computed at once. */
const chunk = 32;

/**
 * RWKV's attention: for each channel a softmax over the past, whose logits are the keys and fall with distance:
 *
 *     y[t] = Σ softmax(k[s] − (t − 1 − s) w for s < t, k[t] + u) v[s]
 *
 * The state is a mean with the logarithm of its weight, so that nothing overflows.
 *
 * Peng et al., 2023. RWKV: reinventing RNNs for the transformer era. https://arxiv.org/abs/2305.13048 (equation 16)
 *
 * @returns `[batch, time, channel]`, and the state after the last time step
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step.
 */
export function wkv(inputs: WkvInputs): Step<Tensor3D, WkvState> {
  checkRecord("wkv", "the input", inputs, ["key", "value", "decay", "first", "initial"]);
  const { key, value, decay, first, initial } = inputs;
  checkRecord("wkv", "initial", initial, ["mean", "logWeight"]);
  checkShape("wkv", "key", key, ["batch", "time", "channel"]);
  const [batch, time, channels] = key.shape;
  checkShape("wkv", "value", value, key.shape);
  checkShape("wkv", "decay", decay, [channels]);
  checkShape("wkv", "first", first, [channels]);
  checkShape("wkv", "initial.mean", initial.mean, [batch, channels]);
  checkShape("wkv", "initial.logWeight", initial.logWeight, [batch, channels]);
  if (time === 0) throw new DataError("wkv: key has no time steps, expected one or more.");
  return tidy(() => {
    const outputs: Tensor3D[] = [];
    let state = initial;
    for (let from = 0; from < time; from += chunk) {
      const count = Math.min(chunk, time - from);
      const part = (x: Tensor3D): Tensor3D => slice(x, [0, from, 0], [batch, count, channels]);
      const values = concat([expandDims(state.mean, 1) as Tensor3D, part(value)], 1); // [batch, 1 + time, channel]
      const keys = concat([expandDims(state.logWeight, 1) as Tensor3D, part(key)], 1);
      const weights = softmax(logits(keys, decay, first), 2); // [batch, time, 1 + time, channel]
      outputs.push(sum<Tensor3D>(mul(weights, expandDims(values, 1)), 2));
      state = after(keys, values, decay);
    }
    return { output: concat(outputs, 1), state };
  });
}

/** The logits of the state and of all time steps for each time step: `[batch, time, 1 + time, channel]`. */
function logits(keys: Tensor3D, decay: Tensor1D, first: Tensor1D): Tensor {
  const count = keys.shape[1] - 1;
  const at = (f: (query: number, from: number) => number): Tensor => {
    const values = Array.from({ length: count * (count + 1) }, (_, i) =>
      f(Math.floor(i / (count + 1)), i % (count + 1)),
    );
    return reshape(tensor2d(values, [count, count + 1]), [1, count, count + 1, 1]);
  };
  const distance = at((query, from) => (from <= query ? query - from : 0)); // the state and the time step before count as 0
  const current = at((query, from) => (from === query + 1 ? 1 : 0));
  const future = at((query, from) => (from > query + 1 ? -1e30 : 0));
  const fallen = sub(expandDims(keys, 1), mul(distance, decay));
  return add(add(fallen, mul(current, first)), future);
}

/** The state after a chunk: distances count from its last time step. */
function after(keys: Tensor3D, values: Tensor3D, decay: Tensor1D): WkvState {
  const count = keys.shape[1] - 1;
  const distance = reshape(range(count, -1, -1, "float32"), [1, count + 1, 1]);
  const logWeights = sub<Tensor3D>(keys, mul(distance, decay)); // [batch, 1 + time, channel]
  return {
    mean: sum<Tensor2D>(mul(softmax(logWeights, 1), values), 1),
    logWeight: logSumExp<Tensor2D>(logWeights, 1),
  };
}
