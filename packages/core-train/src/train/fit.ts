import type { Tensor } from "@tensorflow/tfjs-core";
import { trainable } from "../module/freeze.ts";
import type { Layer } from "../module/layer.ts";
import type { Module } from "../module/module.ts";
import { Optimizer } from "../optim/optimizer.ts";
import type { Transform } from "../optim/transform.ts";
import { breathe } from "./breathe.ts";
import { type BatchSource, evaluate, type EvaluateOptions } from "./evaluate.ts";
import type { FitEvent } from "./fit-event.ts";
import { LossMeter } from "./loss-meter.ts";
import { trainStep } from "./train-step.ts";

/** How {@link fit} trains. */
export interface FitOptions<X extends Tensor, Y extends Tensor, Out extends Tensor> extends EvaluateOptions<
  Out,
  Y
> {
  /** How the weights move: a transform such as `adam()`, or an optimizer that is to go on. */
  readonly optimizer: Transform<unknown> | Optimizer;
  /** The last epoch, counted from 1. */
  readonly epochs: number;
  /** The first epoch to run, for training that goes on from a checkpoint. Default: 1. */
  readonly startEpoch?: number;
  /** Data to measure on after each epoch, with {@link evaluate}. Default: none. */
  readonly validation?: BatchSource<X, Y>;
  /** Steps per event, and so per read of the losses, which a GPU has to wait for. Default: 1. */
  readonly logEvery?: number;
}

/**
 * The training loop: one {@link trainStep} per batch, `epochs` times through the data, told as events.
 *
 * Progress bars, plots, early stopping and checkpoints are consumers of the events; whoever stops asking for them stops
 * the training. It lets the event loop breathe, and ends between two steps when `signal` is aborted: the model is then as
 * the last whole step left it.
 *
 * ```ts
 * for await (const event of fit(model, data, { loss: crossEntropy, optimizer: adam(), epochs: 5 })) {
 *   if (event.kind === "epoch") console.log(event.epoch, event.loss);
 * }
 * ```
 *
 * @throws NonFiniteLossError when the loss is NaN or infinite
 */
export async function* fit<X extends Tensor, Y extends Tensor, Out extends Tensor>(
  model: Module & Layer<X, Out>,
  data: BatchSource<X, Y>,
  options: FitOptions<X, Y, Out>,
): AsyncGenerator<FitEvent, void, undefined> {
  const { loss, epochs, startEpoch = 1, validation, logEvery = 1, signal } = options;
  checkCount("epochs", epochs);
  checkCount("startEpoch", startEpoch);
  checkCount("logEvery", logEvery);
  const given = options.optimizer;
  const optimizer = given instanceof Optimizer ? given : new Optimizer(given, trainable(model));
  const batches = data.length;
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
      for await (const { x, y } of data) {
        if (aborted()) break;
        const reading = trainStep(model, optimizer, () => loss(model.forward(x), y));
        batch++;
        meter.add(++step, x.shape[0] ?? 1, reading);
        if (meter.waiting === logEvery) yield await report();
        await breathe();
      }
      if (meter.waiting > 0) yield await report();
      if (aborted()) break;
      if (batch === 0) throw new RangeError("fit: the data has no batch.");
      const measured = validation && (await evaluate(model, validation, options));
      const seconds = (performance.now() - began) / 1000;
      yield { kind: "epoch", epoch, epochs, step, loss: meter.mean, validation: measured, seconds };
    }
    yield { kind: "end", reason: aborted() ? "aborted" : "completed", step };
  } finally {
    if (optimizer !== given) optimizer.dispose();
  }
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new RangeError(`fit: ${name} is ${count}, expected a whole number from 1.`);
}
