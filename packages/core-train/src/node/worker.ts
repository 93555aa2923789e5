import { parentPort, workerData } from "node:worker_threads";
import { serveRequests } from "../data/serve-requests.ts";
import type { Dataset } from "../data/dataset.ts";

// The program of each thread that `nodeWorkers` starts.

type Made = Dataset<unknown> | Promise<Dataset<unknown>>;

const port = parentPort;
const { module, data } = workerData as { readonly module: string; readonly data: unknown };

if (port !== null)
  await serveRequests(
    {
      listen: (onRequest) => void port.on("message", onRequest),
      respond: (response, transfer) => port.postMessage(response, transfer),
    },
    async () => {
      const { default: made } = (await import(module)) as { default?: Made | ((data: unknown) => Made) };
      if (made === undefined) throw new Error(`${module} has no default export, expected the dataset.`);
      return typeof made === "function" ? made(data) : made;
    },
  );
