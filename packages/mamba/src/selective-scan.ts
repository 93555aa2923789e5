import { checkShape, DataError, defineOp } from "@pellucid/core-train";
import { mul, stack, sum, type Tensor2D, type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import { moments, perEntry, type ScanSequence, scanStep } from "./scan-step.ts";
import { selectiveScanGradient } from "./selective-scan-gradient.ts";

/** What comes of a scan. */
export interface Scanned {
  /** `[batch, time, channel]` */
  readonly y: Tensor3D;
  /** The state after the last moment, `[batch, channel, state]`. */
  readonly state: Tensor3D;
}

const op = defineOp({
  name: "PellucidSelectiveScan",
  inputs: {
    u: "float32[batch, time, channel]",
    delta: "float32[batch, time, channel]",
    A: "float32[channel, state]",
    B: "float32[batch, time, state]",
    C: "float32[batch, time, state]",
    initial: "float32[batch, channel, state]",
  },
  reference({ A, initial, ...sequences }): [y: Tensor3D, state: Tensor3D] {
    const u = moments(sequences.u);
    const delta = moments(sequences.delta);
    const B = moments(sequences.B);
    const C = moments(sequences.C);
    const y: Tensor2D[] = [];
    let state = initial;
    for (const [t, input] of u.entries()) {
      const before = state;
      const step = tidy(() => {
        const h = scanStep(before, input, delta[t] as Tensor2D, A, B[t] as Tensor2D);
        return { h, y: sum(mul(h, perEntry(C[t] as Tensor2D)), 2) as Tensor2D };
      });
      if (before !== initial) before.dispose();
      state = step.h;
      y.push(step.y);
    }
    return [stack(y, 1) as Tensor3D, state];
  },
  gradient([dy, dState], inputs) {
    // At once, not when asked for: tfjs tidies up after each answer, and one pass gives all of them.
    const [u, delta, A, B, C, initial] = selectiveScanGradient({ ...inputs, dy, dState }, {});
    return { u: () => u, delta: () => delta, A: () => A, B: () => B, C: () => C, initial: () => initial };
  },
});

/**
 * A recurrence that is linear in its state, and chooses by its input what to keep, to write and to read. Per channel and entry
 * of the state, for each moment:
 *
 *     h ← exp(Δ A) h + Δ u B,   y = Σ C h
 *
 * Gu and Dao, 2023. Mamba: linear-time sequence modeling with selective state spaces. https://arxiv.org/abs/2312.00752
 *
 * As there, A is discretized exactly (zero-order hold) and B by Euler's rule. `D u`, the gate and the softplus of Δ, which the
 * reference's `selective_scan_fn` takes as options, are left to the caller.
 *
 * @param inputs without `initial` the state starts at 0
 * @throws {ShapeError} If the shapes do not go together.
 * @throws {DataError} If there is not one moment.
 */
export function selectiveScan(inputs: ScanSequence & { readonly initial?: Tensor3D }): Scanned {
  const { u, delta, A, B, C } = inputs;
  const who = "selectiveScan";
  checkShape(who, "u", u, ["batch", "time", "channel"]);
  const [batch, time, channels] = u.shape;
  checkShape(who, "delta", delta, [batch, time, channels]);
  checkShape(who, "A", A, [channels, "state"]);
  const size = A.shape[1];
  checkShape(who, "B", B, [batch, time, size]);
  checkShape(who, "C", C, [batch, time, size]);
  if (inputs.initial !== undefined) checkShape(who, "initial", inputs.initial, [batch, channels, size]);
  if (time === 0) throw new DataError(`${who}: u has no moment, expected one at least.`);
  return tidy(() => {
    const initial = inputs.initial ?? zeros<Tensor3D["rankType"]>([batch, channels, size]);
    const [y, state] = op({ u, delta, A, B, C, initial }, {});
    return { y, state };
  });
}
