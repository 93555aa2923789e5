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

/** The way down: steps, of which each says the loss from which it went. */
export interface Descent {
  readonly step: (loss: () => Tensor) => Promise<number>;
  readonly dispose: () => void;
}

/** By the optimizers that are chains of transforms. */
export const byTransform =
  <State>(transform: Transform<State>) =>
  (model: Module): Descent => {
    const optimizer = new Optimizer(transform, trainable(model));
    return { step: (loss) => trainStep(model, optimizer, loss), dispose: () => optimizer.dispose() };
  };

/** By L-BFGS, which looks at the loss as often as it likes. */
export const byLbfgs =
  (options: LbfgsOptions) =>
  (model: Module): Descent => {
    const lbfgs = new Lbfgs(trainable(model), options);
    return { step: (loss) => lbfgs.step(loss), dispose: () => {} };
  };
