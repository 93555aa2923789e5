import { defineOp, hasKernel } from "@pellucid/core-train";
import type { RepulsionOp } from "@pellucid/core-train/ops";
import {
  add,
  concat,
  div,
  mul,
  slice,
  sub,
  sum,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";

/**
 * `Σ_j q² (y_i − y_j)` of each point and, last, `Σ_j q`, with `q = 1 / (1 + ‖y_i − y_j‖²)`, over all points but itself: every pair is
 * looked at, with memory for some rows of them.
 *
 * @param y `[example, dimension]`
 * @returns `[example, dimension + 1]`
 */
export const repulsion = (y: Tensor2D): Tensor2D => op({ y }, {});

/** Whether the active backend computes {@link repulsion} in a kernel of its own. */
export const hasRepulsionKernel = (): boolean => hasKernel(op);

const op: RepulsionOp = defineOp({
  name: "PellucidRepulsion",
  inputs: { y: "float32[example, dimension]" },
  reference: ({ y }): Tensor2D => {
    const [examples, dimensions] = y.shape;
    const columns = Array.from({ length: dimensions }, (_, c) => transpose(slice(y, [0, c], [examples, 1])));
    const block = Math.max(1, Math.floor(2 ** 20 / examples));
    const parts: Tensor2D[] = [];
    for (let from = 0; from < examples; from += block)
      parts.push(
        tidy(() => rowsOf(slice(y, [from, 0], [Math.min(block, examples - from), dimensions]), columns)),
      );
    return concat(parts, 0);
  },
});

function rowsOf(rows: Tensor2D, columns: readonly Tensor2D[]): Tensor2D {
  const apart = columns.map((column, c) => sub<Tensor2D>(slice(rows, [0, c], [rows.shape[0], 1]), column)); // [some, example]
  const squares = apart.map((d) => mul<Tensor2D>(d, d));
  const q = div<Tensor2D>(
    1,
    add(
      squares.reduce((a, b) => add(a, b)),
      1,
    ),
  );
  const squared = mul(q, q);
  const forces = apart.map((d) => sum<Tensor2D>(mul(squared, d), 1, true));
  return concat([...forces, sub<Tensor2D>(sum(q, 1, true), 1)], 1);
}
