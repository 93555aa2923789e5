import {
  add,
  concat,
  reshape,
  stack,
  sum,
  type Tensor2D,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { gruTimeStep } from "./gru-time-step.ts";
import { gruScanGradient } from "./gru-scan-gradient.ts";
import { timeSteps, previous, type Recurrence, visits, within } from "./recurrence.ts";

/** Hidden states `[batch, time, hidden]`, the last one `[batch, hidden]`, and gates `[batch, time, 4 hidden]`. */
type Outputs = [y: Tensor3D, h: Tensor2D, gates: Tensor3D];

/**
 * A GRU over all time steps of a batch of sequences, in one direction; see {@link GRU}. Outputs beyond an example's length
 * are 0.
 *
 * It has no second-order gradient. Where one is needed, loop over {@link GRUCell}.
 */
export const gruScan = defineOp({
  name: "PellucidGru",
  caller: "GRU",
  inputs: {
    x: "float32[batch, time, 3 hidden]",
    weight: "float32[hidden, 3 hidden]",
    bias: "float32[3 hidden]",
    h: "float32[batch, hidden]",
  },
  reference({ x, weight, bias, h }, { lengths, reverse }: Recurrence): Outputs {
    const inputs = timeSteps(x);
    const [ys, gates]: [Tensor2D[], Tensor2D[]] = [[], []];
    for (const t of visits(inputs.length, reverse)) {
      const now = gruTimeStep(inputs[t] as Tensor2D, add(matMul(h, weight), bias), h);
      const all = concat([...now.gates], 1);
      gates[t] = within(t, lengths, all, zerosLike(all));
      ys[t] = within(t, lengths, now.h, zerosLike(now.h));
      h = within(t, lengths, now.h, h);
    }
    return [stack(ys, 1), h, stack(gates, 1)] as Outputs;
  },
  gradient([dy, dh], { weight, h }, attributes, [y, , gates]) {
    // Computed here, not in the functions below: tfjs disposes of their intermediate tensors, and one pass computes all gradients.
    const [dx, du, dFirst] = gruScanGradient({ weight, h, y, gates, dy, dh }, attributes);
    const [batch, time, width] = du.shape;
    const atWeight = () => {
      const states = reshape(previous(y, h, attributes), [batch * time, weight.shape[0]]);
      return matMul(states, reshape(du, [batch * time, width]), true, false);
    };
    return { x: () => dx, weight: atWeight, bias: () => sum(du, [0, 1]), h: () => dFirst };
  },
});
