import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { fetchBatch } from "./fetch-batch.ts";
import { packed } from "./packed.ts";
import type { Answer, Failure, Question } from "./worker-messages.ts";

/** How a worker talks with who started it. */
export interface AskedPort {
  listen(onQuestion: (question: Question) => void): void;
  answer(answer: Answer, transfer: ArrayBuffer[]): void;
}

/** The worker's side: gets its dataset, then loads what it is asked for, one batch after the other. */
export async function serveRequests(
  port: AskedPort,
  open: () => Dataset<unknown> | Promise<Dataset<unknown>>,
): Promise<void> {
  try {
    const dataset = await open();
    if (typeof dataset?.get !== "function")
      throw new DataError("batches: what the worker was given is no dataset: it has no get.");
    let last: Promise<void> = Promise.resolve();
    port.listen((question) => {
      last = last.then(() => answer(port, dataset, question));
    });
    port.answer({ kind: "ready" }, []);
  } catch (error) {
    port.answer(
      { kind: "failure", id: null, failure: toFailure(error, "batches: a worker could not start: ") },
      [],
    );
  }
}

async function answer(port: AskedPort, dataset: Dataset<unknown>, question: Question): Promise<void> {
  const { id } = question;
  try {
    const { value, buffers } = packed(await fetchBatch(dataset, question), question.collated);
    port.answer({ kind: "batch", id, batch: value }, buffers);
  } catch (error) {
    port.answer({ kind: "failure", id, failure: toFailure(error, "batches: a worker failed: ") }, []);
  }
}

function toFailure(error: unknown, otherwise: string): Failure {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof DataError;
  return { message: known ? message : otherwise + message, stack, item: known ? error.item : null };
}
