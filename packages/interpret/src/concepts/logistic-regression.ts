import {
  adam,
  checkArguments,
  checkOptions,
  checkRng,
  crossEntropy,
  type Layer,
  Linear,
  Optimizer,
  type Rng,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { checkFiniteTensor } from "../run/check-finite.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";

/** Options for {@link logisticRegression}. */
export interface LogisticRegressionOptions extends Pick<RunOptions, "signal"> {
  readonly rng: Rng;
  /** Steps of Adam over all examples. Default: 200. */
  readonly steps?: number;
  /** Default: 0.05. */
  readonly learningRate?: number;
  /** The weight of the squares. Default: 1e-3. */
  readonly weightDecay?: number;
}

/** Multinomial logistic regression: a linear layer that the caller frees. */
export async function logisticRegression(
  features: Tensor2D,
  labels: Tensor1D,
  classes: number,
  options: LogisticRegressionOptions,
): Promise<Linear & Layer<Tensor2D, Tensor2D>> {
  checkArguments("logisticRegression", { tensor: { features, labels } });
  checkRng("logisticRegression", options);
  checkOptions("logisticRegression", options, ["rng", "steps", "learningRate", "weightDecay", "signal"]);
  const { rng, steps = 200, learningRate = 0.05, weightDecay = 1e-3, signal } = options;
  checkCount("logisticRegression", "steps", steps, 0);
  await checkFiniteTensor("logisticRegression", "features", features);
  const layer = new Linear(features.shape[1], classes, { rng });
  const optimizer = new Optimizer(adam({ learningRate, weightDecay }), trainable(layer));
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      await trainStep(layer, optimizer, () => crossEntropy(layer.forward(features), labels));
      await yieldToEventLoop();
    }
    return layer as Linear & Layer<Tensor2D, Tensor2D>;
  } catch (error) {
    layer.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }
}
