/** A step was asked for while another one was still going on. */
export class StepInProgressError extends Error {
  override readonly name = "StepInProgressError";
}
