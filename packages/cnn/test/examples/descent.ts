import {
  Lbfgs,
  type LbfgsOptions,
  type Module,
  Optimizer,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** An optimization: each step returns the loss before it. */
export interface Descent {
  readonly step: (loss: () => Tensor) => Promise<number>;
  readonly dispose: () => void;
}

/** With an optimizer that is a chain of transforms. */
export const byTransform =
  <State>(transform: Transform<State>) =>
  (model: Module): Descent => {
    const optimizer = new Optimizer(transform, trainable(model));
    return { step: (loss) => trainStep(model, optimizer, loss), dispose: () => optimizer.dispose() };
  };

/** With L-BFGS, which may evaluate the loss several times per step. */
export const byLbfgs =
  (options: LbfgsOptions) =>
  (model: Module): Descent => {
    const lbfgs = new Lbfgs(trainable(model), options);
    return { step: (loss) => lbfgs.step(loss), dispose: () => {} };
  };
