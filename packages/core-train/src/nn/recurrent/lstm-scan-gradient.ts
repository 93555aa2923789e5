import {
  add,
  concat,
  mul,
  split,
  square,
  stack,
  sub,
  tanh,
  type Tensor2D,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { timeSteps, previous, type Recurrence, visits, within } from "./recurrence.ts";

/** The gradients with respect to `x` and to the first states. */
type Outputs = [dx: Tensor3D, dh: Tensor2D, dc: Tensor2D];

/** The gradient of `lstmScan`, backward in time. */
export const lstmScanGradient = defineOp({
  name: "PellucidLstmGradient",
  caller: "LSTM",
  inputs: {
    weight: "float32[hidden, 4 hidden]",
    c: "float32[batch, hidden]",
    gates: "float32[batch, time, 4 hidden]",
    cells: "float32[batch, time, hidden]",
    dy: "float32[batch, time, hidden]",
    dh: "float32[batch, hidden]",
    dc: "float32[batch, hidden]",
  },
  reference({ weight, c, dh, dc, ...all }, attributes: Recurrence): Outputs {
    const { lengths, reverse } = attributes;
    const [gates, cells, dy] = [timeSteps(all.gates), timeSteps(all.cells), timeSteps(all.dy)];
    const before = timeSteps(previous(all.cells, c, attributes));
    const dx: Tensor2D[] = [];
    for (const t of visits(dy.length, !reverse)) {
      const [i, f, g, o] = split(gates[t] as Tensor2D, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
      const squashed = tanh(cells[t] as Tensor2D);
      const out = add(dh, dy[t] as Tensor2D); // at h
      const cell = add(dc, mul(mul(out, o), sub(1, square(squashed)))); // at c
      const z = concat(
        [
          mul(mul(cell, g), mul(i, sub(1, i))),
          mul(mul(cell, before[t] as Tensor2D), mul(f, sub(1, f))),
          mul(mul(cell, i), sub(1, square(g))),
          mul(mul(out, squashed), mul(o, sub(1, o))),
        ],
        1,
      ) as Tensor2D;
      dx[t] = within(t, lengths, z, zerosLike(z));
      dh = within(t, lengths, matMul(z, weight, false, true) as Tensor2D, dh);
      dc = within(t, lengths, mul(cell, f), dc);
    }
    return [stack(dx, 1), dh, dc] as Outputs;
  },
});
