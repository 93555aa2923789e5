/** The loss became NaN or infinite. On CPU and WASM no weight has changed; on a GPU, where {@link fit} reads the loss after the step, the weights are lost too. */
export class NonFiniteLossError extends Error {
  override readonly name = "NonFiniteLossError";
  /** The step of the loss, from 1, where it is {@link fit} that counts them. */
  readonly step: number | undefined;
  readonly loss: number;

  constructor(loss: number, step?: number) {
    const where = step === undefined ? ["trainStep", ""] : ["fit", ` at step ${step}`];
    super(
      `${where[0]}: the loss is ${loss}${where[1]}. Lower the learning rate, clip the gradients (clipGradNorm), ` +
        "or look for NaN in the data.",
    );
    this.step = step;
    this.loss = loss;
  }
}
