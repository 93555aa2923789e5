/** A dataset in its two parts. */
export interface Splits<Part> {
  readonly train: Part;
  readonly test: Part;
}

/** A dataset of which every example is at hand: its two parts, and the whole in its own order. */
export interface WholeAndSplits<Part> extends Splits<Part> {
  readonly all: Part;
}
