/** A worker of any platform. */
export interface WorkerPort {
  post(message: unknown): void;
  /** Calls `onMessage` for every message, and `onFailure` at most once, when the worker fails. */
  listen(onMessage: (message: unknown) => void, onFailure: (reason: string) => void): void;
  stop(): void;
}

/** Workers that load a dataset: see {@link webWorkers}, and `nodeWorkers` of `@pellucid/core-train/node`. */
export interface Workers {
  /** How many; 0 loads on the caller's thread. */
  readonly count: number;
  start(): WorkerPort;
}
