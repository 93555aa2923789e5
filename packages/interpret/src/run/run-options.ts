/** Options of every tool that evaluates the score many times. */
export interface RunOptions {
  /** The most examples that the score gets at once, at least one whole copy of the batch. Default: 32. */
  readonly batchSize?: number;
  /** Stops the work: the promise is rejected with the signal's reason, and no tensors leak. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (done: number, total: number) => void;
}
