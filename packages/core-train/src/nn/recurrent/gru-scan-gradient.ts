import {
  add,
  concat,
  mul,
  split,
  square,
  stack,
  sub,
  type Tensor2D,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { timeSteps, previous, type Recurrence, visits, within } from "./recurrence.ts";

/** The gradients with respect to `x`, to the product of state and weights, and to the first state. */
type Outputs = [dx: Tensor3D, du: Tensor3D, dh: Tensor2D];

/** The gradient of `gruScan`, backward in time. */
export const gruScanGradient = defineOp({
  name: "PellucidGruGradient",
  caller: "GRU",
  inputs: {
    weight: "float32[hidden, 3 hidden]",
    h: "float32[batch, hidden]",
    y: "float32[batch, time, hidden]",
    gates: "float32[batch, time, 4 hidden]",
    dy: "float32[batch, time, hidden]",
    dh: "float32[batch, hidden]",
  },
  reference({ weight, h, dh, ...all }, attributes: Recurrence): Outputs {
    const { lengths, reverse } = attributes;
    const [gates, dy, before] = [
      timeSteps(all.gates),
      timeSteps(all.dy),
      timeSteps(previous(all.y, h, attributes)),
    ];
    const [dx, du]: [Tensor2D[], Tensor2D[]] = [[], []];
    for (const t of visits(dy.length, !reverse)) {
      const four = split(gates[t] as Tensor2D, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
      const [r, z, n, recurrent] = four;
      const out = add<Tensor2D>(dh, dy[t] as Tensor2D); // at h
      const dn = mul(mul(out, sub(1, z)), sub(1, square(n)));
      const dz = mul(mul(out, sub(before[t] as Tensor2D, n)), mul(z, sub(1, z)));
      const dr = mul(mul(dn, recurrent), mul(r, sub(1, r)));
      const atInput = concat([dr, dz, dn], 1) as Tensor2D;
      const atProduct = concat([dr, dz, mul(dn, r)], 1) as Tensor2D;
      dx[t] = within(t, lengths, atInput, zerosLike(atInput));
      du[t] = within(t, lengths, atProduct, zerosLike(atProduct));
      dh = within(t, lengths, add(mul(out, z), matMul(atProduct, weight, false, true)), dh);
    }
    return [stack(dx, 1), stack(du, 1), dh] as Outputs;
  },
});
