/** How long work is done, for every tool that asks the score many times. */
export interface RunOptions {
  /** The most examples that the score is given at once; at least one whole copy of the batch. Default: 32. */
  readonly batchSize?: number;
  /** Stops the work: the promise is rejected with the signal's reason, and nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Hears how much is done after each batch. */
  readonly onProgress?: (done: number, total: number) => void;
}
