/** A `model.json`, or weights of one, that cannot be imported. */
export class TfjsError extends Error {
  override readonly name = "TfjsError";
}
