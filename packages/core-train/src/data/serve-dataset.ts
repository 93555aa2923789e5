import { serveRequests } from "./serve-requests.ts";
import type { Dataset } from "./dataset.ts";
import type { LoadRequest } from "./worker-messages.ts";

/**
 * Turns the web worker that calls it into one of {@link webWorkers}, which loads batches of this dataset. A worker's whole file:
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
      listen: (onRequest) =>
        globalThis.addEventListener("message", ({ data }: MessageEvent<LoadRequest>) => onRequest(data)),
      respond: (response, transfer) => globalThis.postMessage(response, { transfer }),
    },
    () => dataset,
  );
}
