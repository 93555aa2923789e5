import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** A schedule of epochs as one of steps: it changes only when an epoch is over. PyTorch's are mostly used so. */
export function perEpoch(schedule: Schedule, stepsPerEpoch: number): Schedule {
  const counts = Number.isInteger(stepsPerEpoch) && stepsPerEpoch > 0;
  checkOption("perEpoch", "stepsPerEpoch", stepsPerEpoch, counts, "an integer ≥ 1");
  return (step) => schedule(Math.floor(step / stepsPerEpoch));
}
