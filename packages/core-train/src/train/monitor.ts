import type { FitEpoch } from "./fit-event.ts";

/** The number by which epochs are compared; lower is better. For an accuracy, return its negative. */
export type Monitor = (epoch: FitEpoch) => number;

/** The validation loss, or the training loss without validation data. */
export const lowestLoss: Monitor = ({ validation, loss }) => validation?.loss ?? loss;
