// Two ways to train on a text: each window by itself, or with the state carried from step to step.
import {
  crossEntropy,
  disposeLeaves,
  fit,
  type Module,
  type Optimizer,
  type Rng,
  type Takes,
  trainStep,
} from "@pellucid/core-train";
import type { RecurrentLm } from "@pellucid/rnn";
import { reshape, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { randomWindows, streams } from "./windows.ts";

/** How to train, and what to do between two steps. */
export interface Training {
  readonly tokens: Int32Array;
  readonly size: number;
  readonly window: number;
  readonly steps: number;
  readonly optimizer: Optimizer;
  /** How many steps there are between two calls of `look`. */
  readonly every: number;
  readonly look: (step: number) => Promise<void>;
}

/** The mean loss of a token. A Mamba's logits have some rows that stand for nothing. */
export const lossOf = (logits: Tensor3D, y: Tensor2D) =>
  crossEntropy(reshape(logits, [y.size, logits.shape[2]]), reshape(y, [y.size]));

/** Trains on windows at random, each read from an empty state. */
export async function trainOnWindows(
  model: Module & Takes<Tensor2D, Tensor3D>,
  { tokens, size, window, steps, optimizer, every, look }: Training,
  rng: Rng,
): Promise<void> {
  let done = 0;
  const data = randomWindows(tokens, { size, window, rng, steps: () => Math.min(every, steps - done) });
  const epochs = Math.ceil(steps / every);
  for await (const event of fit(model, data, { loss: lossOf, optimizer, epochs, logEvery: every })) {
    if (event.kind !== "epoch") continue;
    done = event.step;
    if (done % every === 0) await look(done);
  }
}

/**
 * Trains on the text in its order: each step continues from the state of the previous step, so the state may hold what is
 * further back than a window. Gradients stop at its edge: truncated back-propagation through time.
 */
export async function trainCarrying(
  model: RecurrentLm,
  { tokens, size, window, steps, optimizer, every, look }: Training,
): Promise<void> {
  const data = streams(tokens, { size, window });
  for (let done = 0; done < steps;) {
    let state = model.initialState(size);
    try {
      for await (const { x, y } of data) {
        const step = trainStep(model, optimizer, () => {
          const { output, state: next } = model.step(x, state);
          return { loss: lossOf(output, y), state: next };
        });
        disposeLeaves(state);
        state = step.state;
        await step.loss;
        if (++done % every === 0) await look(done);
        if (done === steps) break;
      }
    } finally {
      disposeLeaves(state);
    }
  }
}
