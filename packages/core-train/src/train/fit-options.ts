/** The names of the options of `fit`. `evaluate` knows them too, as one record is often given to both. */
export const fitOptions = [
  "loss",
  "metrics",
  "signal",
  "optimizer",
  "epochs",
  "startEpoch",
  "validation",
  "logEvery",
  "compile",
] as const;
