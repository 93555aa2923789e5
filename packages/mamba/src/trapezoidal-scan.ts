import { checkShape } from "@pellucid/core-train";
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
import { type DualityOptions, stateSpaceDuality } from "./state-space-duality.ts";

/** What a trapezoidal scan remembers: the state, and the last moment's part in the next. */
export type TrapezoidalState = {
  /** `[batch, head, channel, state]` */
  readonly scan: Tensor4D;
  /** What the last moment wrote, `[batch, head, channel]`. */
  readonly x: Tensor3D;
  /** Where, `[batch, head, state]`. */
  readonly B: Tensor3D;
};

/** What a trapezoidal scan reads. */
export interface TrapezoidalInputs {
  /** What each head writes, `[batch, time, head, channel]`. */
  readonly x: Tensor4D;
  /** The logarithm of what each moment leaves of each head's state, `Δ A`, 0 at most, `[batch, time, head]`. */
  readonly a: Tensor3D;
  /** Δ, how long each moment lasts, `[batch, time, head]`. */
  readonly delta: Tensor3D;
  /** λ, how much a moment's own end counts against its beginning, 0 to 1, `[batch, time, head]`. */
  readonly trap: Tensor3D;
  /** Where to write, `[batch, time, head, state]`. */
  readonly B: Tensor4D;
  /** What to read, `[batch, time, head, state]`. */
  readonly C: Tensor4D;
  /** What was before the first moment. Default: nothing. */
  readonly initial?: TrapezoidalState;
}

/**
 * The state space of Mamba-3: what a moment writes is an integral over it, taken by the trapezoidal rule from its beginning,
 * which is the moment before, and its end:
 *
 *     h[t] = α[t] h[t−1] + (1 − λ[t]) Δ[t] α[t] x[t−1] B[t−1]ᵀ + λ[t] Δ[t] x[t] B[t]ᵀ,   α = exp(a),   y[t] = h[t] C[t]
 *
 * With λ = 1 it is Mamba-2's. It is computed as that: what a moment will write to the next state is added to its own at
 * once, and taken off what it reads.
 *
 * Lahoti et al., 2026. Mamba-3: Improved sequence modeling using state space principles. https://arxiv.org/abs/2603.15569
 *
 * @returns `y`, `[batch, time, head, channel]`, and what to remember
 * @throws {ShapeError} If the shapes do not go together.
 */
export function trapezoidalScan(
  inputs: TrapezoidalInputs,
  options: DualityOptions = {},
): { readonly y: Tensor4D; readonly state: TrapezoidalState } {
  check(inputs);
  const { x, a, delta, trap, B, C, initial } = inputs;
  const [batch, time, heads, channels] = x.shape;
  const size = B.shape[3];
  return tidy(() => {
    const end = mul(trap, delta); // what a moment writes at its end, [batch, time, head]
    const begin = sub(delta, end); // and what the one before writes at its beginning
    const none = zeros<Rank.R3>([batch, 1, heads]);
    const next = concat([slice(begin, [0, 1, 0], [batch, time - 1, heads]), none], 1); // of the moment after
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
    const early = mul(sum(mul(B, C), 3), next); // what it read of that before it was due, [batch, time, head]
    const y: Tensor4D = sub(dual.y, mul(x, expandDims(early, 3)));
    const last = slice(x, [0, time - 1, 0, 0], [batch, 1, heads, channels]);
    const where = slice(B, [0, time - 1, 0, 0], [batch, 1, heads, size]);
    const state: TrapezoidalState = {
      scan: dual.state,
      x: reshape(last, [batch, heads, channels]),
      B: reshape(where, [batch, heads, size]),
    };
    return { y, state };
  });
}

function check({ x, a, delta, trap, B, C, initial }: TrapezoidalInputs): void {
  const who = "trapezoidalScan";
  checkShape(who, "x", x, ["batch", "time", "head", "channel"]);
  const [batch, time, heads, channels] = x.shape;
  checkShape(who, "a", a, [batch, time, heads]);
  checkShape(who, "delta", delta, [batch, time, heads]);
  checkShape(who, "trap", trap, [batch, time, heads]);
  checkShape(who, "B", B, [batch, time, heads, "state"]);
  checkShape(who, "C", C, [...B.shape]);
  if (initial === undefined) return;
  checkShape(who, "initial.scan", initial.scan, [batch, heads, channels, B.shape[3]]);
  checkShape(who, "initial.x", initial.x, [batch, heads, channels]);
  checkShape(who, "initial.B", initial.B, [batch, heads, B.shape[3]]);
}
