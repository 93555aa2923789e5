import { OptionError } from "../option-error.ts";
import type { Schedule } from "./schedule.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * Schedules one after the other, each from its own start: `torch.optim.lr_scheduler.SequentialLR`.
 *
 * @param milestones the steps at which the second, the third, … begins
 */
export function sequentialLr(schedules: readonly Schedule[], milestones: readonly number[]): Schedule {
  checkArguments("sequentialLr", { array: { schedules }, numbers: { milestones } });
  const [first] = schedules;
  if (first === undefined || milestones.length !== schedules.length - 1) {
    const expected = `one less than the ${schedules.length} schedules`;
    throw new OptionError("sequentialLr", "milestones", `[${milestones.join(", ")}]`, expected);
  }
  return (step) => {
    const position = milestones.filter((milestone) => step >= milestone).length;
    return (schedules[position] ?? first)(step - (milestones[position - 1] ?? 0));
  };
}
