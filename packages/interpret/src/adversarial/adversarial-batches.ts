import { type Batch, type BatchSource, checkArguments, disposeLeaves } from "@pellucid/core-train";

/**
 * Batches whose inputs an attack has perturbed: adversarial training. The model learns from the worst input near each one, as it is
 * at that step. All else that a batch carries stays.
 *
 * `min over w of E max over ‖δ‖ ≤ ε of loss(f_w(x + δ), y)`; Madry et al., 2018, equation 2.1. https://arxiv.org/abs/1706.06083
 *
 * ```ts
 * const hard = adversarialBatches(data, async ({ x, y }) =>
 *   pgd(marginScore(model, Array.from(await y.data())), { epsilon: 0.1, range: [0, 1], steps: 5 })(x));
 * for await (const event of fit(model, hard, { loss: crossEntropy, optimizer: adam(), epochs: 5 })) …
 * ```
 *
 * @param attack returns the perturbed inputs of a batch, which is borrowed; they are freed when the next batch is asked for
 */
export function adversarialBatches<B extends Batch<unknown, unknown>>(
  data: BatchSource<B>,
  attack: (batch: B) => B["x"] | Promise<B["x"]>,
): BatchSource<B> {
  checkArguments("adversarialBatches", { record: { data }, function: { attack } });
  return {
    length: data.length,
    async *[Symbol.asyncIterator]() {
      for await (const batch of data) {
        const x = await attack(batch);
        try {
          yield { ...batch, x };
        } finally {
          disposeLeaves(x);
        }
      }
    },
  };
}
