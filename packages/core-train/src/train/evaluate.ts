import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { breathe } from "./breathe.ts";
import type { Evaluation } from "./fit-event.ts";
import type { MetricAccumulator } from "./metric-accumulator.ts";

/** A batch as training takes it: inputs and targets, batch first. */
export interface Batch<X extends Tensor = Tensor, Y extends Tensor = Tensor> {
  readonly x: X;
  readonly y: Y;
}

/** Batches that can be gone through again for each epoch, as {@link batches} makes them. */
export interface BatchSource<X extends Tensor = Tensor, Y extends Tensor = Tensor> {
  /** How many batches an epoch has, where it is known. */
  readonly length?: number | undefined;
  [Symbol.asyncIterator](): AsyncIterator<Batch<X, Y>>;
}

/** What {@link evaluate} measures. */
export interface EvaluateOptions<Out extends Tensor, Y extends Tensor> {
  /** One number for a batch: its mean loss. */
  readonly loss: (output: Out, target: Y) => Tensor;
  /** Metrics by name. Default: none. */
  readonly metrics?: Readonly<Record<string, MetricAccumulator<Out, Y>>>;
  /** Stops between batches; the result then covers the batches seen. */
  readonly signal?: AbortSignal;
}

/** Measures a model at rest (in inference) on data. */
export async function evaluate<X extends Tensor, Y extends Tensor, Out extends Tensor>(
  model: Layer<X, Out>,
  data: BatchSource<X, Y>,
  { loss, metrics = {}, signal }: EvaluateOptions<Out, Y>,
): Promise<Evaluation> {
  for (const metric of Object.values(metrics)) metric.reset();
  let total = 0;
  let count = 0;
  for await (const { x, y } of data) {
    const { output, value } = tidy(() => {
      const output = model.forward(x);
      return { output, value: loss(output, y) };
    });
    try {
      const size = x.shape[0] ?? 1;
      total += size * ((await value.data())[0] as number);
      count += size;
      for (const metric of Object.values(metrics)) await metric.update(output, y);
    } finally {
      output.dispose();
      value.dispose();
    }
    if (signal?.aborted === true) break;
    await breathe();
  }
  if (count === 0) throw new RangeError("evaluate: the data has no batch.");
  const measured = Object.entries(metrics).map(([name, metric]) => [name, metric.compute()] as const);
  return { loss: total / count, metrics: Object.fromEntries(measured) };
}
