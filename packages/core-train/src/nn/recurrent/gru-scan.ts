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

/** The states at all time steps, `[batch, time, hidden]`; the last, `[batch, hidden]`; and the gates at all time steps, `[batch, time, 4 hidden]`. */
type Outputs = [y: Tensor3D, h: Tensor2D, gates: Tensor3D];

/**
 * A GRU over all time steps of a batch of sequences at once, in one direction; see {@link GRU}. Beyond an example's length all is 0.
 *
 * Its gradient has none of its own: for second order write the loop, of {@link GRUCell}.
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
    // At once, not when asked for: tfjs tidies up after each answer, and one pass gives all of them.
    const [dx, du, dFirst] = gruScanGradient({ weight, h, y, gates, dy, dh }, attributes);
    const [batch, time, width] = du.shape;
    const weighed = () => {
      const before = reshape(previous(y, h, attributes), [batch * time, weight.shape[0]]);
      return matMul(before, reshape(du, [batch * time, width]), true, false);
    };
    return { x: () => dx, weight: weighed, bias: () => sum(du, [0, 1]), h: () => dFirst };
  },
});
