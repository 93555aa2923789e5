import { useBackend as chooseBackend } from "@pellucid/backends"; // no hook, though its name begins like one
import { DigitsCnn } from "@pellucid/cnn";
import { Accuracy, adam, batches, crossEntropy, evaluate, fit, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { useEffect, useRef, useState } from "react";

export type TrainingState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly share: number; readonly loss: number }
  | {
      readonly kind: "trained";
      readonly backend: string;
      readonly accuracy: number;
      readonly model: DigitsCnn;
    }
  | { readonly kind: "failed"; readonly message: string };

/** Trains when `start` is called. Training ends when `stop` is called or the component is gone. */
export function useTraining(epochs = 8) {
  const [state, setState] = useState<TrainingState>({ kind: "idle" });
  const running = useRef<AbortController>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);

  const start = () => {
    stop();
    const { signal } = (running.current = new AbortController());
    setState({ kind: "running", share: 0, loss: Number.NaN });
    train(epochs, signal, setState).catch((error: unknown) =>
      setState({ kind: "failed", message: String(error) }),
    );
  };
  return { state, start, stop };
}

async function train(
  epochs: number,
  signal: AbortSignal,
  report: (state: TrainingState) => void,
): Promise<void> {
  const { chosen } = await chooseBackend(); // the best backend that can train here
  const { train, test } = await digits();
  const rng = new Rng(0); // the same seed, the same run
  const model = new DigitsCnn({ rng });
  const data = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  for await (const event of fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs, signal })) {
    if (event.kind !== "step") continue;
    report({ kind: "running", share: event.step / (epochs * (event.batches ?? 1)), loss: event.loss });
  }
  const unseen = batches(toFloatImages(test), { size: 450 });
  const { metrics } = await evaluate(model, unseen, {
    loss: crossEntropy,
    metrics: { accuracy: new Accuracy() },
  });
  report({ kind: "trained", backend: chosen, accuracy: metrics["accuracy"] ?? 0, model });
}
