import { DataError } from "./data-error.ts";
import type { BatchRequest } from "./fetch-batch.ts";
import type { Answer, Failure, Question } from "./worker-messages.ts";
import type { WorkerPort, Workers } from "./workers.ts";

interface Waiting {
  readonly resolve: (batch: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Workers at work for one epoch: questions go round, answers are told apart by their number. */
export class WorkerPool {
  readonly #members: readonly Member[];
  #asked = 0;

  constructor(workers: Workers) {
    this.#members = Array.from({ length: workers.count }, () => new Member(workers.start()));
  }

  /** Has the next worker in turn load a batch. */
  fetch(request: BatchRequest): Promise<unknown> {
    const id = this.#asked++;
    return (this.#members[id % this.#members.length] as Member).ask({ ...request, id });
  }

  stop(): void {
    for (const member of this.#members) member.stop();
  }
}

class Member {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  /** What is to be asked once the worker has its dataset; null when it has. */
  #early: Question[] | null = [];
  #broken: DataError | null = null;

  constructor(port: WorkerPort) {
    this.#port = port;
    port.listen(
      (message) => this.#hear(message as Answer),
      (reason) => this.#fail(new DataError(`batches: a worker stopped: ${reason}`)),
    );
  }

  ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken);
        return;
      }
      this.#waiting.set(question.id, { resolve, reject });
      if (this.#early === null) this.#port.post(question);
      else this.#early.push(question);
    });
  }

  stop(): void {
    this.#port.stop();
    this.#fail(new DataError("batches: the workers were stopped."));
  }

  #hear(answer: Answer): void {
    switch (answer.kind) {
      case "ready":
        for (const question of this.#early ?? []) this.#port.post(question);
        this.#early = null;
        break;
      case "batch":
        this.#take(answer.id)?.resolve(answer.batch);
        break;
      case "failure": {
        const error = toError(answer.failure);
        if (answer.id === null) this.#fail(error);
        else this.#take(answer.id)?.reject(error);
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
