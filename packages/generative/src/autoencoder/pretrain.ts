import {
  type BatchSource,
  checkOptions,
  checkSizes,
  Optimizer,
  trainable,
  trainStep,
  type Transform,
  yieldToEventLoop,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { StackedAutoencoder } from "./stacked-autoencoder.ts";

/** Options for {@link pretrain}. */
export interface PretrainOptions {
  /** How the weights of a layer are updated, with a state of its own for each. */
  readonly optimizer: Transform<unknown>;
  /** How often each layer sees the data. */
  readonly epochs: number;
  /** Ends pre-training between two steps. */
  readonly signal?: AbortSignal;
}

/** One epoch of one layer: the mean of its reconstruction losses. */
export interface PretrainEvent {
  readonly layer: number;
  readonly layers: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
}

/**
 * Trains the layers of a stacked autoencoder one after the other, each to reconstruct what the trained ones below it return.
 *
 * ```ts
 * for await (const { layer, loss } of pretrain(stack, data, { optimizer: adam(), epochs: 10 })) console.log(layer, loss);
 * const classifier = new Sequential(...stack.layers, new Linear(32, 10, { rng })); // fine-tuned as any other
 * ```
 *
 * @param data batches with the examples as `x`, `[batch, sizes[0]]`
 */
export async function* pretrain(
  model: StackedAutoencoder,
  data: BatchSource<{ readonly x: Tensor }>,
  options: PretrainOptions,
): AsyncGenerator<PretrainEvent, void, undefined> {
  checkOptions("pretrain", options, ["optimizer", "epochs", "signal"]);
  const { optimizer: transform, epochs, signal } = options;
  checkSizes("pretrain", { epochs });
  const layers = model.depth;
  for (let layer = 0; layer < layers; layer++) {
    const parameters = Object.fromEntries(
      Object.entries(trainable(model)).filter(([path]) => path.split(".")[1] === `${layer}`),
    );
    const optimizer = new Optimizer(transform, parameters);
    try {
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const losses: Promise<number>[] = [];
        for await (const { x } of data) {
          if (signal?.aborted === true) return;
          losses.push(trainStep(model, optimizer, () => model.layerLoss(layer, x)));
          await yieldToEventLoop();
        }
        const total = (await Promise.all(losses)).reduce((sum, loss) => sum + loss, 0);
        yield { layer, layers, epoch, epochs, loss: total / losses.length };
      }
    } finally {
      optimizer.dispose();
    }
  }
}
