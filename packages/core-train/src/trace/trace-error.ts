/** A model that cannot be traced: it reads a tensor on the host, or an op has no form that was asked for. The text names both. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}
