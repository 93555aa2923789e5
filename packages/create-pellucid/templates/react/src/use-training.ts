import { useEffect, useRef, useState } from "react";
import type { FromWorker, ToWorker } from "./messages.ts";

export type TrainingState = { readonly kind: "idle" } | FromWorker;

/** Trains in a worker when `start` is called. Training ends when `stop` is called, and the worker when the component is gone. */
export function useTraining(epochs = 12) {
  const [state, setState] = useState<TrainingState>({ kind: "idle" });
  const running = useRef<Worker>(undefined);
  useEffect(() => () => running.current?.terminate(), []);

  const say = (message: ToWorker): void => running.current?.postMessage(message);
  const start = () => {
    running.current?.terminate();
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    running.current = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => setState(data));
    worker.addEventListener("error", ({ message }) => setState({ kind: "failed", message }));
    setState({ kind: "progress", share: 0, loss: Number.NaN });
    say({ kind: "start", epochs });
  };
  const stop = () => say({ kind: "stop" });
  return { state, start, stop };
}
