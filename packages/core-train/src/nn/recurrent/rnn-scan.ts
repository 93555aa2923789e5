import {
  add,
  relu,
  reshape,
  stack,
  tanh,
  type Tensor2D,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { timeSteps, previous, type Recurrence, visits, within } from "./recurrence.ts";
import { rnnScanGradient } from "./rnn-scan-gradient.ts";

/** The activation of an {@link RNN}. */
export type Nonlinearity = "tanh" | "relu";

/**
 * An RNN over all time steps of a batch of sequences, in one direction; see {@link RNN}. Outputs beyond an example's length
 * are 0.
 *
 * It has no second-order gradient. Where one is needed, loop over {@link RNNCell}.
 */
export const rnnScan = defineOp({
  name: "PellucidRnn",
  caller: "RNN",
  inputs: {
    x: "float32[batch, time, hidden]",
    weight: "float32[hidden, hidden]",
    h: "float32[batch, hidden]",
  },
  reference(
    { x, weight, h },
    { lengths, reverse, nonlinearity }: Recurrence & { readonly nonlinearity: Nonlinearity },
  ): [y: Tensor3D, h: Tensor2D] {
    const inputs = timeSteps(x);
    const ys: Tensor2D[] = [];
    for (const t of visits(inputs.length, reverse)) {
      const sum: Tensor2D = add(inputs[t] as Tensor2D, matMul(h, weight));
      const now = nonlinearity === "relu" ? relu(sum) : tanh(sum);
      ys[t] = within(t, lengths, now, zerosLike(now));
      h = within(t, lengths, now, h);
    }
    return [stack(ys, 1) as Tensor3D, h];
  },
  gradient([dy, dh], { weight, h }, attributes, [y]) {
    // Computed here, not in the functions below: tfjs disposes of their intermediate tensors, and one pass computes all gradients.
    const [dx, dFirst] = rnnScanGradient({ weight, y, dy, dh }, attributes);
    const [batch, time, width] = dx.shape;
    const atWeight = () => {
      const states = reshape(previous(y, h, attributes), [batch * time, width]);
      return matMul(states, reshape(dx, [batch * time, width]), true, false);
    };
    return { x: () => dx, weight: atWeight, h: () => dFirst };
  },
});
