import { add, concat, reshape, stack, type Tensor2D, type Tensor3D, zerosLike } from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { lstmTimeStep } from "./lstm-time-step.ts";
import { lstmScanGradient } from "./lstm-scan-gradient.ts";
import { timeSteps, previous, type Recurrence, visits, within } from "./recurrence.ts";

/** Hidden states `[batch, time, hidden]`, the last states `[batch, hidden]`, gates `[batch, time, 4 hidden]`, and cell states. */
type Outputs = [y: Tensor3D, h: Tensor2D, c: Tensor2D, gates: Tensor3D, cells: Tensor3D];

/**
 * An LSTM over all time steps of a batch of sequences, in one direction; see {@link LSTM}. Outputs beyond an example's length
 * are 0.
 *
 * It has no second-order gradient. Where one is needed, loop over {@link LSTMCell}.
 */
export const lstmScan = defineOp({
  name: "PellucidLstm",
  caller: "LSTM",
  inputs: {
    x: "float32[batch, time, 4 hidden]",
    weight: "float32[hidden, 4 hidden]",
    h: "float32[batch, hidden]",
    c: "float32[batch, hidden]",
  },
  reference({ x, weight, h, c }, { lengths, reverse }: Recurrence): Outputs {
    const inputs = timeSteps(x);
    const [ys, gates, cells]: [Tensor2D[], Tensor2D[], Tensor2D[]] = [[], [], []];
    for (const t of visits(inputs.length, reverse)) {
      const now = lstmTimeStep(add(inputs[t] as Tensor2D, matMul(h, weight)), c);
      const all = concat([...now.gates], 1);
      gates[t] = within(t, lengths, all, zerosLike(all));
      cells[t] = within(t, lengths, now.c, zerosLike(now.c));
      ys[t] = within(t, lengths, now.h, zerosLike(now.h));
      h = within(t, lengths, now.h, h);
      c = within(t, lengths, now.c, c);
    }
    return [stack(ys, 1), h, c, stack(gates, 1), stack(cells, 1)] as Outputs;
  },
  gradient([dy, dh, dc], { weight, h, c }, attributes, [y, , , gates, cells]) {
    // Computed here, not in the functions below: tfjs disposes of their intermediate tensors, and one pass computes all gradients.
    const found = lstmScanGradient({ weight, c, gates, cells, dy, dh, dc }, attributes);
    const [dx, dFirstH, dFirstC] = found;
    const [batch, time, width] = dx.shape;
    const atWeight = () => {
      const states = reshape(previous(y, h, attributes), [batch * time, weight.shape[0]]);
      return matMul(states, reshape(dx, [batch * time, width]), true, false);
    };
    return { x: () => dx, weight: atWeight, h: () => dFirstH, c: () => dFirstC };
  },
});
