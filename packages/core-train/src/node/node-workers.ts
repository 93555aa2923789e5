import { Worker } from "node:worker_threads";
import { DataError } from "../data/data-error.ts";
import { checkCount } from "../data/web-workers.ts";
import type { Workers } from "../data/workers.ts";

/** Options for {@link nodeWorkers}. */
export interface NodeWorkersOptions {
  /** The argument of the function, for a module that exports one. It is copied to each worker: plain values only. */
  readonly data?: unknown;
}

/**
 * Node threads that load a dataset for {@link batches}. Each imports the module itself.
 *
 * ```ts
 * // photos.ts
 * export default mapDataset(new PhotoFolder("photos"), ({ x, y }, rng) => ({ x: randomCrop(x, 24, rng), y }));
 *
 * // train.ts
 * import photos from "./photos.ts";
 *
 * const workers = nodeWorkers(2, new URL("./photos.ts", import.meta.url));
 * for await (const { x, y } of batches(photos, { size: 32, shuffle: true, rng, workers })) …
 * ```
 *
 * @param module its default export is the dataset, or a function that returns it
 * @throws DataError for a count that is not an integer of 0 or more
 */
export function nodeWorkers(count: number, module: URL | string, options: NodeWorkersOptions = {}): Workers {
  checkCount("nodeWorkers", count);
  const address = String(module);
  if (!URL.canParse(address))
    throw new DataError(
      `nodeWorkers: the module is "${address}", expected a URL: new URL("./x.js", import.meta.url).`,
    );
  return {
    count,
    start() {
      const worker = new Worker(ENTRY, { workerData: { module: address, data: options.data } });
      return {
        post: (message) => worker.postMessage(message),
        listen(onMessage, onFailure) {
          worker.on("message", onMessage);
          worker.on("error", (error: Error) => onFailure(error.message));
          worker.on("messageerror", () => onFailure("it sent a value that cannot be cloned."));
          worker.on("exit", (code) => onFailure(`it exited with code ${code}.`));
        },
        stop: () => void worker.terminate(),
      };
    },
  };
}

/** The file next to this one: the source where Node runs the source, else the built file. */
const ENTRY = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
