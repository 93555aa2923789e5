import {
  adam,
  capture,
  checkArguments,
  checkOptions,
  type Layer,
  Optimizer,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { add, keep, mul, type Scalar, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { featureDistance } from "../visualization/feature-distance.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { StyleNet } from "./style-net.ts";

/** What a {@link StyleNet} is taught. */
export interface TrainStyleNetOptions extends Pick<RunOptions, "signal"> {
  /** How far images are from the style: the `loss` of {@link styleDistance}. */
  readonly style: (painted: Tensor4D) => Scalar;
  /** What must stay: what `layer` says of an image, when `run` runs it. */
  readonly content: {
    readonly run: (images: Tensor4D) => unknown;
    readonly layer: Layer<never, Tensor>;
    /** Default: 1. */
    readonly weight?: number;
  };
  /** Default: 1e-3. */
  readonly learningRate?: number;
  /** After each batch. */
  readonly onStep?: (step: number, loss: number) => void;
}

/**
 * Teaches a net to paint in one style what otherwise has to be searched for each image: Adam on style and content, one step for each batch.
 *
 * Johnson, Alahi and Fei-Fei, 2016. https://arxiv.org/abs/1603.08155
 *
 * @param batches images `[batch, height, width, 3]` from 0 to 1, borrowed
 */
export async function trainStyleNet(
  net: StyleNet,
  batches: Iterable<Tensor4D> | AsyncIterable<Tensor4D>,
  options: TrainStyleNetOptions,
): Promise<void> {
  checkArguments("trainStyleNet", { module: { net }, iterable: { batches } });
  checkOptions("trainStyleNet", options, ["style", "content", "learningRate", "onStep", "signal"]);
  checkArguments("trainStyleNet", {
    function: { style: options.style },
    "{ run, layer }": { content: options.content },
  });
  const { style, content, learningRate = 1e-3, signal, onStep } = options;
  const { run, layer, weight = 1 } = content;
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  try {
    let step = 0;
    for await (const images of batches) {
      signal?.throwIfAborted();
      const target = keep(tidy(() => capture(layer, () => run(images))));
      try {
        const far = featureDistance(run, layer, target);
        const loss = await trainStep(net, optimizer, () => {
          const painted = net.forward(images);
          return add<Scalar>(style(painted), mul(far(painted), weight));
        });
        onStep?.(step, loss);
      } finally {
        target.dispose();
      }
      step++;
      await yieldToEventLoop();
    }
  } finally {
    optimizer.dispose();
  }
}
