import { checkRecord, checkShape, type Step } from "@pellucid/core-train";
import {
  add,
  concat,
  expandDims,
  mul,
  type Rank,
  reshape,
  slice,
  sub,
  sum,
  type Tensor3D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { ChunkOptions } from "./chunk-size-of.ts";
import { stateSpaceDuality } from "./state-space-duality.ts";

/** The state of a {@link trapezoidalScan}, and the inputs of the last time step, which also contribute to the next. */
export type TrapezoidalState = {
  /** `[batch, head, channel, state]` */
  readonly scan: Tensor4D;
  /** The input of the last time step, `[batch, head, channel]`. */
  readonly x: Tensor3D;
  /** Its input matrix, `[batch, head, state]`. */
  readonly B: Tensor3D;
};

/** The inputs of a {@link trapezoidalScan}. */
export interface TrapezoidalInputs {
  /** The input of each head, `[batch, time, head, channel]`. */
  readonly x: Tensor4D;
  /** The logarithm of the decay of each head, `Δ A`, 0 or below, `[batch, time, head]`. */
  readonly a: Tensor3D;
  /** Δ, the step size, `[batch, time, head]`. */
  readonly delta: Tensor3D;
  /** λ, the weight of the end of the interval against its beginning, 0 to 1, `[batch, time, head]`. */
  readonly trap: Tensor3D;
  /** The input matrix, `[batch, time, head, state]`. */
  readonly B: Tensor4D;
  /** The output matrix, `[batch, time, head, state]`. */
  readonly C: Tensor4D;
  /** The state before the first time step. Default: zeros. */
  readonly initial?: TrapezoidalState;
}

/**
 * The state space of Mamba-3: the input of a time step is integrated by the trapezoidal rule over the interval from the previous
 * time step to its own:
 *
 *     h[t] = α[t] h[t−1] + (1 − λ[t]) Δ[t] α[t] x[t−1] B[t−1]ᵀ + λ[t] Δ[t] x[t] B[t]ᵀ,   α = exp(a),   y[t] = h[t] C[t]
 *
 * With λ = 1 it is Mamba-2's, and it is computed by the same {@link stateSpaceDuality}: the contribution of a time step to the next
 * state is added to its own state already, and subtracted from its output.
 *
 * Lahoti et al., 2026. Mamba-3: Improved sequence modeling using state space principles. https://arxiv.org/abs/2603.15569
 *
 * @returns `[batch, time, head, channel]`, and the state after the last time step
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 */
export function trapezoidalScan(
  inputs: TrapezoidalInputs,
  options: ChunkOptions = {},
): Step<Tensor4D, TrapezoidalState> {
  check(inputs);
  const { x, a, delta, trap, B, C, initial } = inputs;
  const [batch, time, heads, channels] = x.shape;
  const size = B.shape[3];
  return tidy(() => {
    const end = mul(trap, delta); // the weight of the end of each interval, [batch, time, head]
    const begin = sub(delta, end); // and of its beginning
    const none = zeros<Rank.R3>([batch, 1, heads]);
    const next = concat([slice(begin, [0, 1, 0], [batch, time - 1, heads]), none], 1); // of the next time step
    const first =
      initial === undefined
        ? undefined
        : tidy(() => {
            const weight = reshape(slice(begin, [0, 0, 0], [batch, 1, heads]), [batch, heads, 1, 1]);
            const written = mul(expandDims(initial.x, 3), expandDims(initial.B, 2)); // [batch, head, channel, state]
            return add<Tensor4D>(initial.scan, mul(weight, written));
          });
    const dual = stateSpaceDuality(
      {
        x: mul(x, expandDims(add(end, next), 3)),
        a,
        B,
        C,
        ...(first === undefined ? {} : { initial: first }),
      },
      options,
    );
    const early = mul(sum(mul(B, C), 3), next); // what was added too early, [batch, time, head]
    const output: Tensor4D = sub(dual.output, mul(x, expandDims(early, 3)));
    const last = slice(x, [0, time - 1, 0, 0], [batch, 1, heads, channels]);
    const lastB = slice(B, [0, time - 1, 0, 0], [batch, 1, heads, size]);
    const state: TrapezoidalState = {
      scan: dual.state,
      x: reshape(last, [batch, heads, channels]),
      B: reshape(lastB, [batch, heads, size]),
    };
    return { output, state };
  });
}

function check(inputs: TrapezoidalInputs): void {
  const caller = "trapezoidalScan";
  checkRecord(caller, "the input", inputs, ["x", "a", "delta", "trap", "B", "C"]);
  const { x, a, delta, trap, B, C, initial } = inputs;
  checkShape(caller, "x", x, ["batch", "time", "head", "channel"]);
  const [batch, time, heads, channels] = x.shape;
  checkShape(caller, "a", a, [batch, time, heads]);
  checkShape(caller, "delta", delta, [batch, time, heads]);
  checkShape(caller, "trap", trap, [batch, time, heads]);
  checkShape(caller, "B", B, [batch, time, heads, "state"]);
  checkShape(caller, "C", C, [...B.shape]);
  if (initial === undefined) return;
  checkRecord(caller, "initial", initial, ["scan", "x", "B"]);
  checkShape(caller, "initial.scan", initial.scan, [batch, heads, channels, B.shape[3]]);
  checkShape(caller, "initial.x", initial.x, [batch, heads, channels]);
  checkShape(caller, "initial.B", initial.B, [batch, heads, B.shape[3]]);
}
