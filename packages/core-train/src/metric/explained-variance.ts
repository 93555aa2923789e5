import type { Tensor } from "@tensorflow/tfjs-core";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { explainedSpread } from "./explained-spread.ts";
import { measureOnce } from "./measure-once.ts";
import { outputColumns } from "./output-columns.ts";
import { readPair } from "./read-pair.ts";
import { Spread } from "./spread.ts";

/** The explained variance over batches; NaN before the first. */
export class ExplainedVariance implements MetricAccumulator {
  #outputs: { readonly targets: Spread; readonly errors: Spread }[] = [];

  /** Both `[batch]` or `[batch, output]`. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const columns = outputColumns("ExplainedVariance", prediction);
    const [x, y] = await readPair("ExplainedVariance", prediction, target);
    for (let i = 0; i < x.length; i++) {
      const output = (this.#outputs[i % columns] ??= { targets: new Spread(), errors: new Spread() });
      output.targets.add(y[i] ?? NaN);
      output.errors.add((y[i] ?? NaN) - (x[i] ?? NaN));
    }
  }

  compute(): number {
    const scores = this.#outputs.map(({ targets, errors }) =>
      explainedSpread(errors.squares, targets.squares),
    );
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  }

  reset(): void {
    this.#outputs = [];
  }
}

/**
 * Like {@link r2Score}, but a constant error does not count, scikit-learn's `explained_variance_score`:
 * `1 − Var(y − x) / Var(y)`, averaged over the outputs. Both `[batch]` or `[batch, output]`.
 */
export function explainedVariance(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new ExplainedVariance(), prediction, target);
}
