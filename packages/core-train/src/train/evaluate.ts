import { compiledIf, type MaybeCompiled } from "../compile/compiled-if.ts";
import { found } from "../check-tensor.ts";
import { StructError } from "../struct/struct-error.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { leaves } from "../struct/leaves.ts";
import type { Structured } from "../struct/struct.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { fitOptions } from "./fit-options.ts";
import { exampleCount } from "./example-count.ts";
import type { Evaluation } from "./fit-event.ts";
import { type Loss, lossOf, type MeanLoss } from "./loss.ts";
import type { MetricAccumulator } from "./metric-accumulator.ts";
import type { Takes } from "./takes.ts";
import { readNumber } from "./read-number.ts";
import { yieldToEventLoop } from "./yield-to-event-loop.ts";
import { checkOptions } from "../check-options.ts";
import { checkRecord } from "../check-record.ts";
import { checkFunction } from "../check-callable.ts";

/** Options for {@link evaluate}. */
export interface EvaluateOptions<Out, B extends Batch<unknown, unknown>> {
  /** One number for a batch: its mean loss. */
  readonly loss: Loss<Out, B>;
  /** Metrics by name. Default: none. */
  readonly metrics?: Readonly<Record<string, MetricAccumulator<Out, B["y"], B>>>;
  /** Stops between batches; the result then covers the batches seen. */
  readonly signal?: AbortSignal;
  /**
   * Whether to `compile` what is done with a batch, so that batches of one form are fast. The loss and the model may then read no variable of the host that changes
   * meanwhile. Default: false.
   */
  readonly compile?: boolean;
}

/** A batch's output and mean loss. */
interface Measured {
  readonly output: unknown;
  readonly mean: MeanLoss;
}

type MeasureStep = MaybeCompiled<[Batch<unknown, unknown>], Measured>;

/**
 * Measures a model, in inference, on data. Inputs, outputs and targets are tensors or structures, see {@link Struct}.
 *
 * The loss is that of all data at once, as PyTorch computes it, for any batch size: the mean over all targets that count, also where
 * some are ignored or weighted. See {@link meanOver} for a loss of your own.
 *
 * @throws OptionError for an option that neither it nor {@link fit} has
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
  options: EvaluateOptions<unknown, Batch<unknown, unknown>>,
): Promise<Evaluation> {
  checkRecord("evaluate", "the model", model, ["forward"]);
  if (Object(data) !== data) throw new StructError(`evaluate: the data is ${found(data)}, expected batches.`);
  checkOptions(
    "evaluate",
    options as { readonly [Name in (typeof fitOptions)[number]]?: unknown },
    fitOptions,
  );
  checkFunction("evaluate", "the loss", options.loss);
  const step = await measureStep(model, options);
  try {
    return await evaluateWith(step, data, options);
  } finally {
    step.dispose?.();
  }
}

/** Measures the output of `model` and its loss. */
export function measureStep(
  model: Takes<unknown, unknown>,
  { loss, compile }: EvaluateOptions<unknown, Batch<unknown, unknown>>,
): Promise<MeasureStep> {
  const step = (batch: Batch<unknown, unknown>): Measured =>
    tidyLeaves(() => {
      const output = model.forward(batch.x);
      return { output, mean: lossOf("evaluate", loss, output, batch) };
    });
  return compiledIf(compile, step);
}

/** {@link evaluate} with a step that is made already. */
export async function evaluateWith(
  step: MeasureStep,
  data: BatchSource<Batch<unknown, unknown>>,
  { metrics = {}, signal }: EvaluateOptions<unknown, Batch<unknown, unknown>>,
): Promise<Evaluation> {
  for (const metric of Object.values(metrics)) metric.reset();
  let total = 0;
  let targets = 0;
  let batches = 0;
  for await (const batch of data) {
    batches++;
    exampleCount("evaluate", batch); // throws before the model runs
    const { output, mean } = step(batch);
    try {
      const [value, count] = await Promise.all([readNumber(mean.loss), readNumber(mean.count)]);
      if (count !== 0) total += count * value; // the mean of no targets is NaN
      targets += count;
      for (const metric of Object.values(metrics)) await metric.update(output, batch.y, batch);
    } finally {
      disposeLeaves(output, leaves(batch)); // an output may hold tensors of the batch
    }
    if (signal?.aborted === true) break;
    await yieldToEventLoop();
  }
  if (batches === 0) throw new RangeError("evaluate: the data has no batch.");
  const measured = Object.entries(metrics).map(([name, metric]) => [name, metric.compute()] as const);
  return { loss: total / targets, metrics: Object.fromEntries(measured) };
}
