/** An attribution with the input that it explains, by name, so that the two cannot be swapped. */
export interface ExplainedInput<X, Map = X> {
  /** The attribution of `x`. */
  readonly map: Map;
  /** The explained input. */
  readonly x: X;
}
