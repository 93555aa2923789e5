import "@pellucid/core-train/gradients";
import { engine, grad, type Scalar, type Tensor, tidy, variableGrads } from "@tensorflow/tfjs-core";
import type { ByPath } from "./module/freeze.ts";
import type { Parameter } from "./module/parameter.ts";

/** The gradient of the sum of `f`'s output: of the shape of `x`. tfjs' own, with the rank kept. */
export function gradient<X extends Tensor>(f: (x: X) => Tensor): (x: X) => X {
  const slope = grad((x: Tensor) => f(x as X));
  return (x) => freeing(() => slope(x)) as X;
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
