import { defineOp } from "@pellucid/core-train";
import type { SelectiveScanGradientOp } from "@pellucid/core-train/ops";
import {
  add,
  mul,
  stack,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { decayOf, perChannel, perEntry, scanStep, timeSteps } from "./scan-step.ts";

/** The gradients of a scan at its inputs, in their order: `u`, `delta`, `A`, `B`, `C`, `initial`. */
export type ScanGradients = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

/**
 * The gradient of a scan, backward in time. With `g` at the state after a time step, `a = exp(Δ A)`:
 *
 *     g ← g + dy C,  dC = Σ dy h,  dB = Σ g Δ u,  du = Δ Σ g B,  dΔ = u Σ g B + Σ g h₋₁ a A,  dA = Σ g h₋₁ a Δ,  g ← g a
 */
export const selectiveScanGradient: SelectiveScanGradientOp = defineOp({
  name: "PellucidSelectiveScanGradient",
  inputs: {
    u: "float32[batch, time, channel]",
    delta: "float32[batch, time, channel]",
    A: "float32[channel, state]",
    B: "float32[batch, time, state]",
    C: "float32[batch, time, state]",
    initial: "float32[batch, channel, state]",
    dy: "float32[batch, time, channel]",
    dState: "float32[batch, channel, state]",
  },
  reference({ A, initial, dState, ...sequences }): ScanGradients {
    const u = timeSteps(sequences.u);
    const delta = timeSteps(sequences.delta);
    const B = timeSteps(sequences.B);
    const C = timeSteps(sequences.C);
    const dy = timeSteps(sequences.dy);
    const states = [initial];
    for (const [t, input] of u.entries())
      states.push(
        tidy(() => scanStep(states[t] as Tensor3D, input, delta[t] as Tensor2D, A, B[t] as Tensor2D)),
      );

    const found = { du: [] as Tensor[], dDelta: [] as Tensor[], dB: [] as Tensor[], dC: [] as Tensor[] };
    let dA: Tensor = zeros(A.shape);
    let g: Tensor = dState;
    for (let t = u.length - 1; t >= 0; t--) {
      const step = tidy(() => backward(g, t));
      found.du.unshift(step.du);
      found.dDelta.unshift(step.dDelta);
      found.dB.unshift(step.dB);
      found.dC.unshift(step.dC);
      dA = add(dA, step.dA);
      g = step.g;
    }
    const { du, dDelta, dB, dC } = found;
    return [stack(du, 1), stack(dDelta, 1), dA, stack(dB, 1), stack(dC, 1), g];

    function backward(later: Tensor, t: number) {
      const step = delta[t] as Tensor2D; // [batch, channel]
      const input = u[t] as Tensor2D; //       [batch, channel]
      const out = perChannel(dy[t] as Tensor2D); // [batch, channel, 1]
      const here = add(later, mul(out, perEntry(C[t] as Tensor2D))); // [batch, channel, state]
      const a = decayOf(step, A);
      const decay = mul(mul(here, states[t] as Tensor3D), a); // the gradient at Δ A
      const write = sum(mul(here, perEntry(B[t] as Tensor2D)), 2); // at Δ u, [batch, channel]
      return {
        du: mul(step, write),
        dDelta: add(mul(input, write), sum(mul(decay, A), 2)),
        dA: sum(mul(decay, perChannel(step)), 0),
        dB: sum(mul(here, perChannel(mul(step, input))), 1),
        dC: sum(mul(out, states[t + 1] as Tensor3D), 1),
        g: mul(here, a),
      };
    }
  },
});
