/** Weights that do not fit a model. The message lists everything that is wrong. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
}
