import type { FitEpoch } from "./fit-event.ts";

/** The number by which epochs are compared; less is better. For an accuracy, give its negative. */
export type Monitor = (epoch: FitEpoch) => number;

/** The validation loss, or the training loss where nothing is validated. */
export const lowestLoss: Monitor = ({ validation, loss }) => validation?.loss ?? loss;
