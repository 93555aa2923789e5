/** The loss became NaN or infinite. On a GPU, where the loss is read after the step, the weights are lost too. */
export class NonFiniteLossError extends Error {
  override readonly name = "NonFiniteLossError";
  /** The step of the loss, from 1. */
  readonly step: number;
  readonly loss: number;

  constructor(loss: number, step: number) {
    super(
      `fit: the loss is ${loss} at step ${step}. Lower the learning rate, clip the gradients (clipGradNorm), ` +
        "or look for NaN in the data.",
    );
    this.step = step;
    this.loss = loss;
  }
}
