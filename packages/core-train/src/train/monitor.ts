import type { FitEpoch } from "./fit-event.ts";
import { checkRecord } from "../check-record.ts";

/** The number by which epochs are compared; lower is better. For an accuracy, return its negative. */
export type Monitor = (epoch: FitEpoch) => number;

/** The validation loss, or the training loss without validation data. */
export const lowestLoss: Monitor = (epoch) => {
  checkRecord("lowestLoss", "the epoch", epoch, ["loss"]);
  return epoch.validation?.loss ?? epoch.loss;
};
