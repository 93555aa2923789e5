import type { FromWorker, ToWorker } from "./messages.ts";

const find = <E extends Element>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
};
const [start, stop] = [find<HTMLButtonElement>("#start"), find<HTMLButtonElement>("#stop")];
const [progress, status] = [find<HTMLProgressElement>("#progress"), find("#status")];

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const say = (message: ToWorker): void => worker.postMessage(message);

start.addEventListener("click", () => {
  start.disabled = true;
  stop.disabled = false;
  progress.value = 0;
  say({ kind: "start", epochs: 12 });
});
stop.addEventListener("click", () => say({ kind: "stop" }));

worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
  if (data.kind === "progress") {
    progress.value = data.share;
    status.textContent = `loss ${data.loss.toFixed(3)}`;
    return;
  }
  start.disabled = false;
  stop.disabled = true;
  status.textContent =
    data.kind === "failed"
      ? data.message
      : `Trained on ${data.backend}: accuracy ${data.accuracy.toFixed(3)} on 450 unseen digits; the weights are ${data.weights.length} bytes`;
});
