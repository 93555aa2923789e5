import {
  checkArguments,
  checkOptions,
  checkRng,
  checkShape,
  gradient,
  type Rng,
  StructError,
  type Structured,
} from "@pellucid/core-train";
import {
  add,
  div,
  gather,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { apart, copies, isRepeatable } from "../run/copies.ts";
import { foldBatches } from "../run/fold-batches.ts";
import { checkCount } from "../run/check-count.ts";
import type { RunOptions } from "../run/run-options.ts";
import { attributionOf, floatLeaves, leavesAtFloats, withFloats } from "../score/float-leaves.ts";
import type { Score } from "../score/score.ts";

/** Options for {@link gradientShap}. */
export interface GradientShapOptions<X extends Structured<X>> extends RunOptions {
  readonly rng: Rng;
  /** The distribution of baselines, as examples: `[count, …]`, of a structure each of its float tensors. */
  readonly baselines: X;
  /** Number of samples. Default: 50. */
  readonly samples?: number;
  /** The standard deviation of noise added to the input. Default: 0. */
  readonly noise?: number;
}

/**
 * Integrated gradients in expectation over baselines: `mean of (x' − b) · ∂ score(b + u (x' − b))`, with `b` drawn from the
 * baselines, `x' = x + noise`, and `u` from 0 to 1, one in each of as many equal strata as there are samples.
 *
 * Of a structure every float tensor has the batch as its first axis; an example's tensors share `b` and `u`.
 *
 * Erion, Janizek, Sturmfels, Lundberg and Lee, 2021. https://arxiv.org/abs/1906.10670 (expected gradients)
 *
 * @throws StructError where the baselines have other tensors than the input
 */
export function gradientShap<X extends Structured<X>>(
  score: Score<X>,
  options: GradientShapOptions<X>,
): (x: X) => Promise<X> {
  checkArguments("gradientShap", { function: { score } });
  checkRng("gradientShap", options);
  checkOptions("gradientShap", options, [
    "rng",
    "baselines",
    "samples",
    "noise",
    "batchSize",
    "signal",
    "onProgress",
  ]);
  const { rng, baselines, samples = 50, noise = 0 } = options;
  checkCount("gradientShap", "samples", samples);
  const gradientOf = gradient<X>(score);
  return async (x) => {
    const inputs = floatLeaves(x);
    const batch = inputs[0]?.shape[0] ?? 1;
    const starts = leavesAtFloats(x, baselines);
    if (starts.length !== inputs.length)
      throw new StructError(
        `gradientShap: baselines have ${starts.length} float tensors, expected the ${inputs.length} of the input.`,
      );
    const [background = 0] = starts[0]?.shape ?? [];
    inputs.forEach((leaf, i) => {
      checkShape("gradientShap", "x", leaf, [batch, ...leaf.shape.slice(1)]);
      checkShape("gradientShap", "baselines", starts[i] ?? leaf, [background, ...leaf.shape.slice(1)]);
    });
    const totals = await foldBatches<Tensor[]>(
      { total: samples, rows: isRepeatable(x) ? batch : Infinity },
      options,
      () => inputs.map((leaf) => zerosLike(leaf)),
      (last, from, to) => {
        const rows = (to - from) * batch;
        const chosen = tensor1d(rng.randint(0, background, [rows]).data, "int32");
        const noisy = inputs.map((leaf) => {
          const many = copies(leaf, to - from); // [copy · batch, …]
          return noise === 0 ? many : add(many, mul(tensor(rng.randn(many.shape).data, many.shape), noise));
        });
        const drawn = rng.rand([rows]).data.map((u, i) => (from + Math.floor(i / batch) + u) / samples);
        const begins = starts.map((leaf) => gather(leaf, chosen));
        const differences = noisy.map((leaf, i) => sub(leaf, begins[i] ?? 0));
        const points = differences.map((difference, i) => {
          const share = reshape(tensor1d(drawn), [rows, ...difference.shape.slice(1).map(() => 1)]);
          return add(begins[i] ?? 0, mul(share, difference));
        });
        const gradients = leavesAtFloats(x, gradientOf(withFloats(x, points)));
        return last.map((total, i) => {
          const part = mul(differences[i] ?? 0, gradients[i] ?? 0);
          return add(total, div(sum(apart(part, batch), 0), samples));
        });
      },
    );
    return attributionOf(x, totals);
  };
}
