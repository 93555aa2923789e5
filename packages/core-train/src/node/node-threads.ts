import { Worker } from "node:worker_threads";
import { checkOptions } from "../check-options.ts";
import { DataError } from "../data/data-error.ts";
import { checkCount } from "../data/web-workers.ts";
import type { Workers } from "../data/workers.ts";

/** Options for {@link nodeThreads}. */
export interface NodeThreadsOptions {
  /** Flags of Node for the threads. Default: those of this process. */
  readonly execArgv?: readonly string[];
}

/**
 * Node threads that run a file of yours, as `webWorkers` does in a page: the file listens to `parentPort` of `node:worker_threads`. To load a dataset see {@link nodeWorkers}.
 *
 * ```ts
 * const workers = nodeThreads(2, new URL("./envs.worker.ts", import.meta.url));
 * ```
 *
 * @throws DataError for a count that is not an integer of 0 or more, or an address that is not a URL
 */
export function nodeThreads(count: number, file: URL | string, options: NodeThreadsOptions = {}): Workers {
  checkOptions("nodeThreads", options, ["execArgv"]);
  checkCount("nodeThreads", count);
  if (!URL.canParse(String(file)))
    throw new DataError(
      `nodeThreads: the file is "${String(file)}", expected a URL: new URL("./x.js", import.meta.url).`,
    );
  return {
    count,
    start() {
      const { execArgv } = options;
      const worker = new Worker(
        new URL(String(file)),
        execArgv === undefined ? {} : { execArgv: [...execArgv] },
      );
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
