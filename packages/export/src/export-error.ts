/** A model, or a part of it, that has no form in the format to which it is exported. The text names the op and its module. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}
