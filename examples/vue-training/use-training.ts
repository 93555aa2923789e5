import { onUnmounted, shallowRef } from "vue";
import { train } from "./train.ts";

interface TrainingState {
  readonly kind: "idle" | "running" | "done";
  /** The part of the training that is done. */
  readonly share: number;
  readonly text: string;
}

/** Trains when `start` is called, until `stop` is called or the component is gone. */
export function useTraining(epochs = 12) {
  const state = shallowRef<TrainingState>({ kind: "idle", share: 0, text: "" }); // shallow: no proxies of tensors
  let running = new AbortController();
  const stop = () => running.abort();
  onUnmounted(stop);

  async function start(): Promise<void> {
    running = new AbortController();
    state.value = { kind: "running", share: 0, text: "Loading." };
    try {
      const { backend, accuracy } = await train(
        running.signal,
        (event) => {
          if (event.kind !== "step") return;
          const share = event.step / (epochs * (event.batches ?? 1));
          state.value = { kind: "running", share, text: `loss ${event.loss.toFixed(3)}` };
        },
        epochs,
      );
      const text = `Trained on ${backend}: accuracy ${accuracy.toFixed(3)} on 450 unseen digits`;
      state.value = { kind: "done", share: 1, text };
    } catch (error) {
      state.value = { kind: "done", share: 0, text: String(error) };
    }
  }
  return { state, start, stop };
}
