import type { Tensor } from "@tensorflow/tfjs-core";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { explainedSpread } from "./explained-spread.ts";
import { measureOnce } from "./measure-once.ts";
import { outputColumns } from "./output-columns.ts";
import { readPair } from "./read-pair.ts";
import { Spread } from "./spread.ts";

/** The coefficient of determination over batches; NaN before the second example. */
export class R2Score implements MetricAccumulator {
  #outputs: { readonly targets: Spread; rest: number }[] = [];

  /** Both `[batch]` or `[batch, output]`. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const columns = outputColumns("R2Score", prediction);
    const [x, y] = await readPair("R2Score", prediction, target);
    for (let i = 0; i < x.length; i++) {
      const output = (this.#outputs[i % columns] ??= { targets: new Spread(), rest: 0 });
      output.targets.add(y[i] ?? NaN);
      output.rest += ((x[i] ?? NaN) - (y[i] ?? NaN)) ** 2;
    }
  }

  compute(): number {
    const scores = this.#outputs.map(({ targets, rest }) =>
      targets.count < 2 ? NaN : explainedSpread(rest, targets.squares),
    );
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  }

  reset(): void {
    this.#outputs = [];
  }
}

/**
 * The share of the variance of the targets that a prediction explains, scikit-learn's `r2_score`:
 * `1 − Σ (x − y)² / Σ (y − mean y)²`, averaged over the outputs. 1 is perfect, 0 no better than the mean. Both `[batch]` or
 * `[batch, output]`.
 */
export function r2Score(prediction: Tensor, target: Tensor): Promise<number> {
  return measureOnce(new R2Score(), prediction, target);
}
