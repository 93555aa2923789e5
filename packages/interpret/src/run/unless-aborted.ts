/** What `result` gives, unless the signal comes first: then its reason, at once. The work itself is not stopped. */
export function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    void result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
