import { DataError } from "./data-error.ts";
import type { BatchRequest } from "./fetch-batch.ts";
import type { LoadResponse, Failure, LoadRequest } from "./worker-messages.ts";
import type { WorkerPort, Workers } from "./workers.ts";

interface Waiting {
  readonly resolve: (batch: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The workers of one epoch. Requests go to them in turn; responses are matched by their id. */
export class WorkerPool {
  readonly #members: readonly Member[];
  #requested = 0;

  constructor(workers: Workers) {
    this.#members = Array.from({ length: workers.count }, () => new Member(workers.start()));
  }

  /** Requests a batch from the next worker. */
  fetch(request: BatchRequest): Promise<unknown> {
    const id = this.#requested++;
    return (this.#members[id % this.#members.length] as Member).request({ ...request, id });
  }

  stop(): void {
    for (const member of this.#members) member.stop();
  }
}

class Member {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  /** Requests that wait until the worker has its dataset; null once it has. */
  #early: LoadRequest[] | null = [];
  #broken: DataError | null = null;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.listen(
      (message) => this.#hear(message as LoadResponse),
      (reason) => this.#fail(new DataError(`batches: a worker stopped: ${reason}`)),
    );
  }

  request(request: LoadRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken);
        return;
      }
      this.#waiting.set(request.id, { resolve, reject });
      if (this.#early === null) this.#port.post(request);
      else this.#early.push(request);
    });
  }

  stop(): void {
    this.#port.stop();
    this.#fail(new DataError("batches: the workers were stopped."));
  }

  #hear(response: LoadResponse): void {
    switch (response.kind) {
      case "ready":
        for (const request of this.#early ?? []) this.#port.post(request);
        this.#early = null;
        break;
      case "batch":
        this.#take(response.id)?.resolve(response.batch);
        break;
      case "failure": {
        const error = toError(response.failure);
        if (response.id === null) this.#fail(error);
        else this.#take(response.id)?.reject(error);
      }
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: DataError): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function toError({ message, stack, item }: Failure): DataError {
  const cause = new Error(`in a worker: ${stack}`);
  return new DataError(message, item === null ? { cause } : { cause, item });
}
