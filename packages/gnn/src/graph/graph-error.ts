/** A graph whose parts do not fit together, or which is not what a function needs. */
export class GraphError extends RangeError {
  override readonly name = "GraphError";
}
