import { checkIntegers } from "../check-values.ts";
import { concat, mul, sigmoid, split, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineOp } from "../op/define-op.ts";
import { resolveAxis } from "../op/resolve-axis.ts";
import { ShapeError } from "../shape-error.ts";

const op = defineOp({
  name: "PellucidGlu",
  inputs: { x: "float32" },
  reference: ({ x }, { axis }: { readonly axis: number }): Tensor => {
    const [value, gate] = halves(x, axis);
    return mul(value, sigmoid(gate));
  },
  gradient: (dy, { x }, { axis }) => ({
    x: () => {
      const [value, gate] = halves(x, axis);
      const open = sigmoid(gate);
      const dValue = mul(dy, open);
      return concat([dValue, mul(mul(dValue, value), sub(1, open))], axis);
    },
  }),
});

/**
 * A gated linear unit: the first half of an axis times the sigmoid of the second.
 *
 * Dauphin et al., 2016. https://arxiv.org/abs/1612.08083
 *
 * @param axis Default: the last.
 * @returns the shape of `x`, with half of that axis
 */
export function glu<X extends Tensor>(x: X, axis = -1): X {
  const along = resolveAxis("glu", axis, x);
  if ((x.shape[along] ?? 0) % 2 !== 0) {
    throw new ShapeError(
      `glu: x is [${x.shape.join(", ")}], expected an even size along axis ${along}: one half gates the other.`,
    );
  }
  return op({ x }, { axis: along }) as X;
}

/** {@link glu} as a layer. */
export class GLU extends Module implements Layer<Tensor, Tensor> {
  readonly axis: number;

  /** @param axis Default: the last. */
  constructor(axis = -1) {
    super();
    checkIntegers("GLU", { axis });
    this.axis = axis;
  }

  /** @returns the shape of `x`, with half of the axis */
  forward<X extends Tensor>(x: X): X {
    return glu(x, this.axis);
  }
}

function halves(x: Tensor, axis: number): [value: Tensor, gate: Tensor] {
  return split(x, 2, axis) as [Tensor, Tensor];
}
