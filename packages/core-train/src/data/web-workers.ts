import { DataError } from "./data-error.ts";
import type { Workers } from "./workers.ts";

/**
 * Web workers that load a dataset for {@link batches}. The worker's file calls {@link serveDataset} with the same dataset.
 *
 * ```ts
 * const workers = webWorkers(2, () => new Worker(new URL("./photos.worker.ts", import.meta.url), { type: "module" }));
 * for await (const { x, y } of batches(photos, { size: 32, shuffle: true, rng, workers })) …
 * ```
 *
 * Write `new Worker(new URL(…))` literally in your code: bundlers look for it there.
 *
 * @throws DataError for a count that is not an integer of 0 or more
 */
export function webWorkers(count: number, start: () => Worker): Workers {
  checkCount("webWorkers", count);
  return {
    count,
    start() {
      const worker = start();
      return {
        post: (message) => worker.postMessage(message),
        listen(onMessage, onFailure) {
          worker.addEventListener("message", ({ data }) => onMessage(data));
          worker.addEventListener("error", ({ message }) =>
            onFailure(message ?? "its file could not be loaded."),
          );
          worker.addEventListener("messageerror", () => onFailure("it sent a value that cannot be cloned."));
        },
        stop: () => worker.terminate(),
      };
    },
  };
}

/** Throws a {@link DataError} unless `count` is a number of workers. */
export function checkCount(caller: string, count: number): void {
  if (!Number.isInteger(count) || count < 0)
    throw new DataError(`${caller}: the count is ${count}, expected an integer of 0 or more.`);
}
