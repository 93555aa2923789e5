/** A tensor of a dtype that an op does not accept. */
export class DtypeError extends TypeError {
  override readonly name = "DtypeError";
}
