/** Thrown by an op whose thread failed or ended. The threads are stopped: later ops run on the caller's own until they are set anew. */
export class ThreadError extends Error {
  override readonly name = "ThreadError";
}
