import { Worker } from "node:worker_threads";
import { states, words } from "../control.ts";
import type { StartThread } from "../thread.ts";

/** A thread of Node, which does not keep the process alive. */
export const startThread: StartThread = (source, data, onEnd) => {
  const entry = `const { parentPort, workerData } = require("node:worker_threads");
process.on("exit", () => Atomics.store(workerData.control, ${words.STATE} + workerData.number, ${states.ENDED}));
run(workerData, () => parentPort.postMessage("ready"));`;
  const worker = new Worker(source + entry, { eval: true, workerData: data, execArgv: [], env: {} });
  worker.unref();
  const ready = new Promise<void>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`it exited with code ${code}`)));
  });
  worker.on("error", (error: Error) => onEnd(error.message));
  worker.on("exit", (code) => onEnd(`it exited with code ${code}`));
  return { ready, stop: () => void worker.terminate() };
};
