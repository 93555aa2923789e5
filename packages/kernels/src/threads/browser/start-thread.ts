import type { StartThread } from "../thread.ts";

/** A web worker. */
export const startThread: StartThread = (source, data, onEnd) => {
  const entry = `onmessage = ({ data }) => { run(data, () => postMessage("ready")); close(); };`;
  const address = URL.createObjectURL(new Blob([source, entry], { type: "text/javascript" }));
  const worker = new Worker(address, { name: `pellucid ${data.number}` });
  const ready = new Promise<void>((resolve, reject) => {
    worker.addEventListener("message", () => resolve(), { once: true });
    worker.addEventListener("error", ({ message }) => reject(new Error(message || BLOCKED)), { once: true });
  }).finally(() => URL.revokeObjectURL(address));
  worker.addEventListener("error", ({ message }) => onEnd(message || BLOCKED));
  worker.postMessage(data);
  return { ready, stop: () => worker.terminate() };
};

const BLOCKED = "it did not start: a content security policy needs worker-src blob:";
