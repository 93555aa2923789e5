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

type Inputs = {
  readonly weight: Tensor2D;
  /** The first cells. */
  readonly c: Tensor2D;
  readonly gates: Tensor3D;
  readonly cells: Tensor3D;
  readonly dy: Tensor3D;
  readonly dh: Tensor2D;
  readonly dc: Tensor2D;
};

/** The gradients at `x`, which is that at what the gates read, and at the first state. */
type Outputs = [dx: Tensor3D, dh: Tensor2D, dc: Tensor2D];

/** The gradient of `lstmScan`, backward in time. */
export const lstmScanGradient = defineOp<Inputs, Recurrence, Outputs>({
  name: "PellucidLstmGradient",
  inputs: ["weight", "c", "gates", "cells", "dy", "dh", "dc"],
  outputs: 3,
  reference({ weight, c, dh, dc, ...all }, attributes) {
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
