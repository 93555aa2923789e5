import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { leaves } from "../struct/leaves.ts";
import type { Structured } from "../struct/struct.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { exampleCount } from "./example-count.ts";
import type { Evaluation } from "./fit-event.ts";
import { type Loss, lossOf } from "./loss.ts";
import type { MetricAccumulator } from "./metric-accumulator.ts";
import type { Takes } from "./takes.ts";
import { yieldToEventLoop } from "./yield-to-event-loop.ts";

/** Options for {@link evaluate}. */
export interface EvaluateOptions<Out, B extends Batch<unknown, unknown>> {
  /** One number for a batch: its mean loss. */
  readonly loss: Loss<Out, B>;
  /** Metrics by name. Default: none. */
  readonly metrics?: Readonly<Record<string, MetricAccumulator<Out, B["y"], B>>>;
  /** Stops between batches; the result then covers the batches seen. */
  readonly signal?: AbortSignal;
}

/**
 * Measures a model, in inference, on data. Inputs, outputs and targets are tensors or structures, see {@link Struct}.
 *
 * @throws DataError where there is no batch, or one whose `x` has no tensor
 */
export function evaluate<B extends Batch<unknown, unknown>, Out>(
  model: Takes<B["x"], Out>,
  data: BatchSource<B> & BatchSource<Structured<NoInfer<B>>>,
  options: EvaluateOptions<NoInfer<Out>, NoInfer<B>>,
): Promise<Evaluation>;
export async function evaluate(
  model: Takes<unknown, unknown>,
  data: BatchSource<Batch<unknown, unknown>>,
  { loss, metrics = {}, signal }: EvaluateOptions<unknown, Batch<unknown, unknown>>,
): Promise<Evaluation> {
  for (const metric of Object.values(metrics)) metric.reset();
  let total = 0;
  let count = 0;
  for await (const batch of data) {
    const size = exampleCount("evaluate", batch);
    const { output, value } = tidyLeaves(() => {
      const output = model.forward(batch.x);
      return { output, value: lossOf(loss, output, batch) };
    });
    try {
      total += size * ((await value.data())[0] ?? NaN);
      count += size;
      for (const metric of Object.values(metrics)) await metric.update(output, batch.y, batch);
    } finally {
      disposeLeaves([output, value], leaves(batch)); // an output may hold tensors of the batch
    }
    if (signal?.aborted === true) break;
    await yieldToEventLoop();
  }
  if (count === 0) throw new RangeError("evaluate: the data has no batch.");
  const measured = Object.entries(metrics).map(([name, metric]) => [name, metric.compute()] as const);
  return { loss: total / count, metrics: Object.fromEntries(measured) };
}
