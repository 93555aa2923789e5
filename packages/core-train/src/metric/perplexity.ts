import type { Tensor } from "@tensorflow/tfjs-core";
import { crossEntropy } from "../loss/cross-entropy.ts";
import type { MetricAccumulator } from "../train/metric-accumulator.ts";
import { measureOnce } from "./measure-once.ts";
import { checkOptions } from "../check-options.ts";
import { checkIntegers } from "../check-values.ts";

export interface PerplexityOptions {
  /** The label of tokens that do not count. Default: -100. */
  readonly ignoreIndex?: number;
}

/** The perplexity over batches; NaN before the first. */
export class Perplexity implements MetricAccumulator {
  readonly ignoreIndex: number;
  #sum = 0;
  #count = 0;

  constructor(options: PerplexityOptions = {}) {
    checkOptions("Perplexity", options, ["ignoreIndex"]);
    const { ignoreIndex = -100 } = options;
    checkIntegers("Perplexity", { ignoreIndex });
    this.ignoreIndex = ignoreIndex;
  }

  /** See {@link perplexity}. */
  async update(prediction: Tensor, target: Tensor): Promise<void> {
    const { ignoreIndex } = this;
    const loss = crossEntropy(prediction, target, { ignoreIndex, reduction: "sum" });
    try {
      const [sum, labels] = await Promise.all([loss.data(), target.data()]);
      this.#sum += sum[0] ?? NaN;
      this.#count += labels.filter((label: number) => label !== ignoreIndex).length;
    } finally {
      loss.dispose();
    }
  }

  compute(): number {
    return Math.exp(this.#sum / this.#count);
  }

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
  }
}

/**
 * The number of equally likely tokens that a language model is as uncertain as: the exponential of {@link crossEntropy}, over all tokens.
 *
 * @param prediction `[batch, …, token]` logits
 * @param target `[batch, …]` int32 labels
 */
export function perplexity(
  prediction: Tensor,
  target: Tensor,
  options: PerplexityOptions = {},
): Promise<number> {
  return measureOnce(new Perplexity(options), prediction, target);
}
