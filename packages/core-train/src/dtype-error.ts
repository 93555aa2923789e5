/** A tensor of a dtype that an op does not compute. */
export class DtypeError extends TypeError {
  override readonly name = "DtypeError";
}
