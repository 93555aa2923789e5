import { serveRequests } from "./serve-requests.ts";
import type { Dataset } from "./dataset.ts";
import type { Question } from "./worker-messages.ts";

/**
 * Makes the web worker that calls it one of those of {@link webWorkers}: it loads batches of this dataset. The whole of a
 * worker's file:
 *
 * ```ts
 * // photos.worker.ts
 * import { serveDataset } from "@pellucid/core-train";
 * import { photos } from "./photos.ts";
 *
 * serveDataset(photos);
 * ```
 */
export function serveDataset(dataset: Dataset<unknown> | Promise<Dataset<unknown>>): void {
  void serveRequests(
    {
      listen: (onQuestion) =>
        globalThis.addEventListener("message", ({ data }: MessageEvent<Question>) => onQuestion(data)),
      answer: (answer, transfer) => globalThis.postMessage(answer, { transfer }),
    },
    () => dataset,
  );
}
