import { checkNotNegative, checkOptions } from "@pellucid/core-train";
import {
  add,
  mean,
  mul,
  type Scalar,
  scalar,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { type Jet, jet } from "./jet.ts";

/** Options for {@link physicsLoss}. */
export interface PhysicsLossOptions {
  /** Points at which the law is to hold, `[batch, coordinate]`. */
  readonly interior: Tensor2D;
  /** What the law leaves over: 0 where it holds. `({ second }) => add(second, u)` for `u″ + u = 0`. */
  readonly residual: (at: Jet & { readonly x: Tensor2D }) => Tensor;
  /** Points with known values: boundaries, initial conditions, measurements. */
  readonly known?: { readonly x: Tensor2D; readonly y: Tensor2D };
  /** How much the known values count. Default: 1. */
  readonly knownWeight?: number;
}

/**
 * The loss of a physics-informed network: the mean squared residual of a differential equation at points, and the mean squared error at points with known values. The law is part of the training,
 * so that few data are enough.
 *
 * Raissi, Perdikaris and Karniadakis, 2019. Physics-informed neural networks. https://arxiv.org/abs/1711.10561
 *
 * @param f the network, from `[batch, coordinate]` to `[batch, output]`
 */
export function physicsLoss(f: (x: Tensor2D) => Tensor2D, options: PhysicsLossOptions): Scalar {
  checkOptions("physicsLoss", options, ["interior", "residual", "known", "knownWeight"]);
  const { interior, residual, known, knownWeight = 1 } = options;
  checkNotNegative("physicsLoss", { knownWeight });
  return tidy(() => {
    const law = mean(square(residual({ ...jet(f, interior), x: interior })));
    const data = known === undefined ? scalar(0) : mean(square(sub(f(known.x), known.y)));
    return add(law, mul(knownWeight, data)) as Scalar;
  });
}
