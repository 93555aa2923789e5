import {
  checkArguments,
  checkOptions,
  checkShape,
  type Layer,
  OptionError,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { argMax, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { RunOptions } from "../run/run-options.ts";
import { classLogits } from "../score/class-logits.ts";

/** Which nets misclassify the adversarial examples of which. */
export interface Transferability {
  /** `[attacked][seeing]`: of the examples that both nets get right, the share that `seeing` gets wrong once `attacked` was attacked. */
  readonly fooled: readonly (readonly number[])[];
  /** The share of the examples that each net gets right unattacked. */
  readonly accuracy: readonly number[];
}

/**
 * Whether what fools one net fools another, which has never been asked: often it does, since nets learn alike.
 *
 * Szegedy et al., 2014, section 4.2. https://arxiv.org/abs/1312.6199
 *
 * ```ts
 * await transferability([net, other], (model) => pgd(marginScore(model, labels), { epsilon: 0.1 }), images, labels);
 * ```
 *
 * @param models `[batch, …]` → `[batch, class]`
 * @param attack makes an attack on a model
 * @param x all at once
 */
export async function transferability<X extends Tensor>(
  models: readonly Layer<X, Tensor>[],
  attack: (model: Layer<X, Tensor>) => (x: X) => X | Promise<X>,
  x: X,
  labels: ArrayLike<number>,
  options: Pick<RunOptions, "signal" | "onProgress"> = {},
): Promise<Transferability> {
  checkArguments("transferability", {
    "{ forward }[]": { models },
    function: { attack },
    tensor: { x },
    numbers: { labels },
  });
  checkOptions("transferability", options, ["signal", "onProgress"]);
  const { signal, onProgress } = options;
  if (labels.length !== x.shape[0])
    throw new OptionError(
      "transferability",
      "labels",
      `${labels.length} classes`,
      `${x.shape[0]}, one for each example`,
    );
  const rightOf = async (model: Layer<X, Tensor>, at: X): Promise<boolean[]> => {
    const classes = tidy(() => {
      const logits = classLogits(model.forward(at));
      checkShape("transferability", "the model's output", logits, ["batch", "class"]);
      return argMax(logits, 1);
    });
    const found = await classes.data();
    classes.dispose();
    return Array.from(found, (one, i) => one === labels[i]);
  };
  const before: boolean[][] = [];
  for (const model of models) before.push(await rightOf(model, x));
  const fooled: number[][] = [];
  for (const [a, model] of models.entries()) {
    signal?.throwIfAborted();
    const moved = await attack(model)(x);
    try {
      const row: number[] = [];
      for (const [b, seeing] of models.entries()) {
        const after = await rightOf(seeing, moved);
        const both = after.map((_, i) => before[a]?.[i] === true && before[b]?.[i] === true);
        row.push(share(after.filter((_, i) => both[i]).map((right) => !right)));
      }
      fooled.push(row);
    } finally {
      moved.dispose();
    }
    onProgress?.(a + 1, models.length);
    await yieldToEventLoop();
  }
  return { fooled, accuracy: before.map(share) };
}

const share = (facts: readonly boolean[]): number =>
  facts.length === 0 ? 0 : facts.filter(Boolean).length / facts.length;
