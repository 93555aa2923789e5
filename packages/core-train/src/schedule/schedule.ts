/**
 * A number that changes during training, such as a learning rate: a function of how many steps are done, 0 at the
 * first. PyTorch's schedulers are objects that change the optimizer; here `epoch` or `step` is the argument.
 */
export type Schedule = (step: number) => number;

/** A number, or one that changes during training. */
export type Scheduled = number | Schedule;

/** What a schedule says at `step`; a plain number always says itself. */
export function valueAt(scheduled: Scheduled, step: number): number {
  return typeof scheduled === "number" ? scheduled : scheduled(step);
}
