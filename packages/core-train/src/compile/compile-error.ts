/** A compiled step gives something else than the step itself. See `verify` of {@link CompileOptions}. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}
