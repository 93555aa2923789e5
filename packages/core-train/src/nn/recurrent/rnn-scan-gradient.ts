import {
  add,
  cast,
  greater,
  mul,
  square,
  stack,
  sub,
  type Tensor2D,
  type Tensor3D,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "../../op/define-op.ts";
import { matMul } from "../../op/mat-mul.ts";
import { timeSteps, type Recurrence, visits, within } from "./recurrence.ts";
import type { Nonlinearity } from "./rnn-scan.ts";

/** The gradient of `rnnScan`, backward in time. */
export const rnnScanGradient = defineOp({
  name: "PellucidRnnGradient",
  caller: "RNN",
  inputs: {
    weight: "float32[hidden, hidden]",
    y: "float32[batch, time, hidden]",
    dy: "float32[batch, time, hidden]",
    dh: "float32[batch, hidden]",
  },
  reference(
    { weight, dh, ...all },
    { lengths, reverse, nonlinearity }: Recurrence & { readonly nonlinearity: Nonlinearity },
  ): [dx: Tensor3D, dh: Tensor2D] {
    const [y, dy] = [timeSteps(all.y), timeSteps(all.dy)];
    const dx: Tensor2D[] = [];
    for (const t of visits(dy.length, !reverse)) {
      const value = y[t] as Tensor2D;
      const derivative = nonlinearity === "relu" ? cast(greater(value, 0), "float32") : sub(1, square(value));
      const z: Tensor2D = mul(add(dh, dy[t] as Tensor2D), derivative);
      dx[t] = within(t, lengths, z, zerosLike(z));
      dh = within(t, lengths, matMul(z, weight, false, true) as Tensor2D, dh);
    }
    return [stack(dx, 1) as Tensor3D, dh];
  },
});
