import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { fetchBatch } from "./fetch-batch.ts";
import { packed } from "./packed.ts";
import type { LoadResponse, Failure, LoadRequest } from "./worker-messages.ts";

/** The connection of a worker to the thread that started it. */
export interface RequestPort {
  listen(onRequest: (request: LoadRequest) => void): void;
  respond(response: LoadResponse, transfer: ArrayBuffer[]): void;
}

/** The worker's side: opens its dataset, then loads the requested batches one after the other. */
export async function serveRequests(
  port: RequestPort,
  open: () => Dataset<unknown> | Promise<Dataset<unknown>>,
): Promise<void> {
  try {
    const dataset = await open();
    if (typeof dataset?.get !== "function")
      throw new DataError(
        `batches: a worker got a value of type ${typeof dataset} without get, expected a dataset: { length, get(index) }.`,
      );
    let last: Promise<void> = Promise.resolve();
    port.listen((request) => {
      last = last.then(() => load(port, dataset, request));
    });
    port.respond({ kind: "ready" }, []);
  } catch (error) {
    port.respond(
      { kind: "failure", id: null, failure: toFailure(error, "batches: a worker could not start: ") },
      [],
    );
  }
}

async function load(port: RequestPort, dataset: Dataset<unknown>, request: LoadRequest): Promise<void> {
  const { id } = request;
  try {
    const { value, buffers } = packed(await fetchBatch(dataset, request), request.collated);
    port.respond({ kind: "batch", id, batch: value }, buffers);
  } catch (error) {
    port.respond({ kind: "failure", id, failure: toFailure(error, "batches: a worker failed: ") }, []);
  }
}

function toFailure(error: unknown, otherwise: string): Failure {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof DataError;
  return { message: known ? message : otherwise + message, stack, item: known ? error.item : null };
}
