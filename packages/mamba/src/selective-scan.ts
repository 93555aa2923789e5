import { checkRecord, checkShape, DataError, defineOp, type Step } from "@pellucid/core-train";
import type { SelectiveScanOp } from "@pellucid/core-train/ops";
import { mul, stack, sum, type Tensor2D, type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import { perEntry, type ScanSequence, scanStep, timeSteps } from "./scan-step.ts";
import { selectiveScanGradient } from "./selective-scan-gradient.ts";

const op: SelectiveScanOp = defineOp({
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
    const u = timeSteps(sequences.u);
    const delta = timeSteps(sequences.delta);
    const B = timeSteps(sequences.B);
    const C = timeSteps(sequences.C);
    const y: Tensor2D[] = [];
    let state = initial;
    for (const [t, input] of u.entries()) {
      const before = state;
      const step = tidy(() => {
        const h = scanStep(before, input, delta[t] as Tensor2D, A, B[t] as Tensor2D);
        return { h, y: sum<Tensor2D>(mul(h, perEntry(C[t] as Tensor2D)), 2) };
      });
      if (before !== initial) before.dispose();
      state = step.h;
      y.push(step.y);
    }
    return [stack(y, 1) as Tensor3D, state];
  },
  gradient([dy, dState], inputs) {
    // computed here, not in the functions below: tfjs disposes of their intermediate tensors, and one pass computes all of them
    const [u, delta, A, B, C, initial] = selectiveScanGradient({ ...inputs, dy, dState }, {});
    return { u: () => u, delta: () => delta, A: () => A, B: () => B, C: () => C, initial: () => initial };
  },
});

/**
 * The selective scan: a recurrence that is linear in its state, whose decay, input and output depend on the input. For each time
 * step, per channel and entry of the state:
 *
 *     h ← exp(Δ A) h + Δ u B,   y = Σ C h
 *
 * Gu and Dao, 2023. Mamba: linear-time sequence modeling with selective state spaces. https://arxiv.org/abs/2312.00752
 *
 * As there, A is discretized by a zero-order hold and B by Euler's rule. `D u`, the gate and the softplus of Δ, which are options of
 * the reference's `selective_scan_fn`, are not included.
 *
 * @param inputs the default of `initial` is zeros
 * @returns `[batch, time, channel]`, and the state after the last time step, `[batch, channel, state]`
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {StructError} For what is not a record of tensors.
 * @throws {DataError} If there is no time step.
 */
export function selectiveScan(
  inputs: ScanSequence & { readonly initial?: Tensor3D },
): Step<Tensor3D, Tensor3D> {
  const caller = "selectiveScan";
  checkRecord(caller, "the input", inputs, ["u", "delta", "A", "B", "C"]);
  const { u, delta, A, B, C } = inputs;
  checkShape(caller, "u", u, ["batch", "time", "channel"]);
  const [batch, time, channels] = u.shape;
  checkShape(caller, "delta", delta, [batch, time, channels]);
  checkShape(caller, "A", A, [channels, "state"]);
  const size = A.shape[1];
  checkShape(caller, "B", B, [batch, time, size]);
  checkShape(caller, "C", C, [batch, time, size]);
  if (inputs.initial !== undefined) checkShape(caller, "initial", inputs.initial, [batch, channels, size]);
  if (time === 0) throw new DataError(`${caller}: u has no time steps, expected one or more.`);
  return tidy(() => {
    const initial = inputs.initial ?? zeros<Tensor3D["rankType"]>([batch, channels, size]);
    const [output, state] = op({ u, delta, A, B, C, initial }, {});
    return { output, state };
  });
}
