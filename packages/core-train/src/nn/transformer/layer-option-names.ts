/** The names of the options that encoder and decoder layers have, and their stacks hand on; for `checkOptions`. */
export const layerOptionNames = [
  "rng",
  "activation",
  "bias",
  "dimFeedforward",
  "dropout",
  "layerNormEps",
  "normFirst",
] as const;
