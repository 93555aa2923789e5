/** A worker, in whichever way the platform has them. */
export interface WorkerPort {
  post(message: unknown): void;
  /** Hears every message, and at most once what brought the worker down. */
  listen(onMessage: (message: unknown) => void, onFailure: (reason: string) => void): void;
  stop(): void;
}

/** Workers that load a dataset: see {@link webWorkers}, and `nodeWorkers` of `@pellucid/core-train/node`. */
export interface Workers {
  /** How many; 0 loads on the caller's own thread. */
  readonly count: number;
  start(): WorkerPort;
}
