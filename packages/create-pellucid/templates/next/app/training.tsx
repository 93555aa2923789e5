"use client";

import { useTraining } from "./use-training.ts";

/** Training in the browser: rendered on the server, alive in the page. */
export function Training() {
  const { state, start, stop } = useTraining();
  const running = state.kind === "progress";
  return (
    <section>
      <p>
        <button type="button" onClick={start} disabled={running}>
          Train
        </button>{" "}
        <button type="button" onClick={stop} disabled={!running}>
          Stop
        </button>
      </p>
      <progress value={running ? state.share : state.kind === "trained" ? 1 : 0} aria-label="Training" />
      <p role="status">
        {running && `loss ${state.loss.toFixed(3)}`}
        {state.kind === "trained" &&
          `Trained on ${state.backend}: accuracy ${state.accuracy.toFixed(3)} on 450 unseen digits`}
        {state.kind === "failed" && state.message}
      </p>
    </section>
  );
}
