import type { Batch, BatchSource } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * Batches whose inputs an attack has moved, for a model that is to be hard to fool: it learns from the worst input near each one,
 * against what it knows at that moment.
 *
 * `min over w of E max over ‖δ‖ ≤ ε of loss(f_w(x + δ), y)`; Madry et al., 2018, equation 2.1. https://arxiv.org/abs/1706.06083
 *
 * ```ts
 * const hard = adversarialBatches(data, async ({ x, y }) =>
 *   pgd(marginScore(model, Array.from(await y.data())), { epsilon: 0.1, range: [0, 1], steps: 5 })(x));
 * for await (const event of fit(model, hard, { loss: crossEntropy, optimizer: adam(), epochs: 5 })) …
 * ```
 *
 * @param attack makes the moved inputs of a batch, which is borrowed; they are freed when the next batch is asked for
 */
export function adversarialBatches<X extends Tensor, Y extends Tensor>(
  data: BatchSource<X, Y>,
  attack: (batch: Batch<X, Y>) => X | Promise<X>,
): BatchSource<X, Y> {
  return {
    length: data.length,
    async *[Symbol.asyncIterator]() {
      for await (const batch of data) {
        const x = await attack(batch);
        try {
          yield { x, y: batch.y };
        } finally {
          x.dispose();
        }
      }
    },
  };
}
