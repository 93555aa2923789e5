/** A value is not a structure, or not the one that was expected. See {@link Struct}. */
export class StructError extends TypeError {
  override readonly name = "StructError";
}
