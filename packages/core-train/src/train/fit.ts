import { checkOptions } from "../check-options.ts";
import { refuseForeignOptions } from "../refuse-foreign-options.ts";
import { fitOptions } from "./fit-options.ts";
import { checkOnHost } from "../compile/check-on-host.ts";
import { compiledIf } from "../compile/compiled-if.ts";
import { trainable } from "../module/freeze.ts";

import type { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import type { Transform } from "../optim/transform.ts";
import type { Structured } from "../struct/struct.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { type EvaluateOptions, evaluateWith, measureStep } from "./evaluate.ts";
import { exampleCount } from "./example-count.ts";
import type { FitEvent } from "./fit-event.ts";
import { lossOf } from "./loss.ts";
import { LossMeter } from "./loss-meter.ts";
import { NonFiniteLossError } from "./non-finite-loss-error.ts";
import { readNumber } from "./read-number.ts";
import { trainStep } from "./train-step.ts";
import type { Takes } from "./takes.ts";
import { yieldToEventLoop } from "./yield-to-event-loop.ts";

/** Options for {@link fit}. */
export interface FitOptions<Out, B extends Batch<unknown, unknown>> extends EvaluateOptions<Out, B> {
  /** How the weights are updated: a transform such as `adam()`, or an optimizer that continues. */
  readonly optimizer: Transform<unknown> | Optimizer;
  /** The last epoch, counted from 1. */
  readonly epochs: number;
  /** The first epoch to run, for training that continues from a checkpoint. Default: 1. */
  readonly startEpoch?: number;
  /** Data to measure on after each epoch, with {@link evaluate}. Default: none. */
  readonly validation?: BatchSource<B>;
  /** Steps per event, and so per read of the losses, which a GPU has to wait for. Default: 1. */
  readonly logEvery?: number;
}

/**
 * The training loop: one {@link trainStep} per batch, `epochs` times through the data, reported as events.
 *
 * Progress bars, plots, early stopping and checkpoints are consumers of the events. Stop iterating to stop training, or abort
 * `signal`: training ends between two steps. It yields to the event loop.
 *
 * ```ts
 * for await (const event of fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs: 5 })) {
 *   if (event.kind === "epoch") console.log(event.epoch, event.loss);
 * }
 * ```
 *
 * A batch is `{ x, y }`, of tensors or of structures (see {@link Struct}), and may carry more. The model gets the whole `x`; the loss and the
 * metrics get the whole output, the whole `y` and the whole batch:
 *
 * ```ts
 * const loss = (output: Tensor2D, y: Tensor1D, { weights }: { weights: Tensor1D }) =>
 *   mean(mul(crossEntropy(output, y, { reduction: "none" }), weights));
 * ```
 *
 * The loss of an epoch is the mean over its targets, as in {@link evaluate}. A loss of your own counts by its examples, the first axis of
 * the first tensor of `x`, unless it says what it is the mean of: see {@link meanOver}.
 *
 * @throws OptionError for an unknown option
 * @throws DataError where the `x` of a batch has no tensor
 * @throws NonFiniteLossError when the loss is NaN or infinite: on CPU and WASM before the step, on a GPU after it
 */
export function fit<B extends Batch<unknown, unknown>, Out>(
  model: Module & Takes<B["x"], Out>,
  data: BatchSource<B> & BatchSource<Structured<NoInfer<B>>>,
  options: FitOptions<NoInfer<Out>, NoInfer<B>>,
): AsyncGenerator<FitEvent, void, undefined>;
export async function* fit(
  model: Module & Takes<unknown, unknown>,
  data: BatchSource<Batch<unknown, unknown>>,
  options: FitOptions<unknown, Batch<unknown, unknown>>,
): AsyncGenerator<FitEvent, void, undefined> {
  refuseForeignOptions("fit", options, {
    earlyStopping: "earlyStopping(fit(…), { patience: 5 })",
    callbacks: "what they do into the loop over the events",
    batchSize: "batches(data, { size: 32 })",
  });
  checkOptions("fit", options, fitOptions);
  const { loss, epochs, startEpoch = 1, validation, logEvery = 1, signal } = options;
  checkCount("epochs", epochs);
  checkCount("startEpoch", startEpoch);
  checkCount("logEvery", logEvery);
  const given = options.optimizer;
  const optimizer = given instanceof Optimizer ? given : new Optimizer(given, trainable(model));
  const batches = data.length;
  const train = (given: Batch<unknown, unknown>) =>
    trainStep(model, optimizer, () => {
      const mean = lossOf("fit", loss, model.forward(given.x), given);
      checkOnHost(mean.loss, (values) => {
        const value = values[0] ?? 0;
        if (!Number.isFinite(value)) throw new NonFiniteLossError(value, step);
      });
      return mean;
    });
  const trainOn = await compiledIf(options.compile, train);
  const measure = await measureStep(model, options);
  const aborted = () => signal?.aborted === true;
  let step = (startEpoch - 1) * (batches ?? 0);
  try {
    yield { kind: "start", epochs, batches };
    for (let epoch = startEpoch; epoch <= epochs && !aborted(); epoch++) {
      const began = performance.now();
      const meter = new LossMeter();
      let batch = 0;
      const report = async (): Promise<FitEvent> => ({
        kind: "step",
        epoch,
        batch,
        batches,
        step,
        loss: await meter.read(),
      });
      for await (const given of data) {
        if (aborted()) break;
        exampleCount("fit", given); // throws before the model runs
        step++;
        const taken = trainOn(given);
        batch++;
        meter.add(step, taken.loss, readNumber(taken.count));
        if (meter.waiting === logEvery) yield await report();
        await yieldToEventLoop();
      }
      if (meter.waiting > 0) yield await report();
      if (aborted()) break;
      if (batch === 0) throw new RangeError("fit: the data has no batch.");
      const measured = validation && (await evaluateWith(measure, validation, options));
      const seconds = (performance.now() - began) / 1000;
      yield { kind: "epoch", epoch, epochs, step, loss: meter.mean, validation: measured, seconds };
    }
    yield { kind: "end", reason: aborted() ? "aborted" : "completed", step };
  } finally {
    trainOn.dispose?.();
    measure.dispose?.();
    if (optimizer !== given) optimizer.dispose();
  }
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new RangeError(`fit: ${name} is ${count}, expected an integer from 1.`);
}
