import "@pellucid/core-train/gradients";
import { engine, type Scalar, type Tensor, tidy, variableGrads, zeros } from "@tensorflow/tfjs-core";
import type { ByPath } from "./module/freeze.ts";
import type { Parameter } from "./module/parameter.ts";
import { NoGradientError } from "./no-gradient-error.ts";
import { leaves } from "./struct/leaves.ts";
import { mapLeaves } from "./struct/map-leaves.ts";
import { StructError } from "./struct/struct-error.ts";
import { tidyLeaves } from "./struct/tidy-leaves.ts";
import type { Structured } from "./struct/struct.ts";
import { checkRecord } from "./check-record.ts";
import { checkFunction } from "./check-callable.ts";

/**
 * The gradient of the sum of `f`'s output with respect to each float tensor of `x`: a structure like `x`. A tensor of integers or
 * booleans has zeros, as does one that `f` does not use.
 *
 * @throws StructError where `x` has no float tensor
 * @throws NoGradientError where `f` uses none of them
 */
export function gradient<X extends Tensor>(f: (x: X) => Tensor): (x: X) => X;
export function gradient<X extends Structured<X>>(f: (x: X) => Tensor): (x: X) => X;
export function gradient<X>(f: (x: X) => Tensor): (x: X) => X {
  return (x) => {
    const floats = leaves(x).filter(isDifferentiable);
    if (floats.length === 0)
      throw new StructError(
        "gradient: x has no float tensor, expected one at least: only floats have a gradient.",
      );
    return tidyLeaves(() => {
      const { grads } = freeing(() => engine().gradients(() => f(x), floats, undefined, true));
      if (!grads.some((grad: Tensor | null | undefined) => grad !== null && grad !== undefined))
        throw new NoGradientError(
          "gradient: f(x) does not depend on x, expected an output computed from it by differentiable ops. Does f use its argument?",
        );
      let next = 0;
      return mapLeaves(
        x,
        (leaf) => (isDifferentiable(leaf) ? grads[next++] : undefined) ?? zeros(leaf.shape),
      );
    });
  };
}

/** Whether a tensor has a gradient. */
export function isDifferentiable({ dtype }: Tensor): boolean {
  return dtype === "float32" || dtype === "complex64";
}

/** A loss and its gradients with respect to parameters. */
export interface ValueAndGradients {
  readonly value: Scalar;
  /** By path, of the shapes of the parameters. One that the loss does not depend on is missing. */
  readonly gradients: ByPath<Tensor>;
}

/**
 * Computes a loss and how it changes with each parameter, the functional counterpart of PyTorch's `loss.backward()`:
 * nothing accumulates, so there is nothing to zero.
 */
export function valueAndGradients(parameters: ByPath<Parameter>, loss: () => Tensor): ValueAndGradients {
  checkRecord("valueAndGradients", "parameters", parameters, []);
  checkFunction("valueAndGradients", "the loss", loss);
  const paths = Object.entries(parameters);
  if (paths.length === 0)
    throw new RangeError("valueAndGradients: there is no parameter to train; see unfreeze.");
  return tidy(() => {
    const { value, grads } = freeing(() =>
      variableGrads(
        () => scalar(loss()),
        paths.map(([, parameter]) => parameter),
      ),
    );
    const gradients: Record<string, Tensor> = {};
    for (const [path, { name }] of paths) {
      const found: Tensor | null | undefined = grads[name];
      if (found !== null && found !== undefined) gradients[path] = found;
    }
    return { value, gradients };
  });
}

function scalar(loss: Tensor): Scalar {
  if (loss.rank !== 0)
    throw new RangeError(
      `valueAndGradients: the loss is [${loss.shape.join(", ")}], expected one number. Reduce it with mean or sum.`,
    );
  return loss as Scalar;
}

/** Runs `body`, and when it throws frees what tfjs saved for gradients that nobody will ask for; tfjs itself does not. */
function freeing<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const { state } = engine();
    if (state.gradientDepth === 0) {
      for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
      state.activeTape = [];
    }
    throw error;
  }
}
