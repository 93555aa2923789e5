import type { Rng } from "@pellucid/core-train";
import type { Kernel } from "./kernel.ts";
import { type Evaluated, type Minimum, minimize } from "./minimize.ts";
import { NotPositiveDefiniteError } from "@pellucid/core-train/linalg";

/**
 * The kernel whose hyperparameters give the highest likelihood, from its own and from `restarts` others, drawn evenly between the logarithms of the bounds.
 *
 * @throws {NotPositiveDefiniteError} If the covariance of the kernel as it is is not positive definite.
 */
export function learnTheta(
  kernel: Kernel,
  likelihood: (kernel: Kernel) => Evaluated,
  restarts: number,
  rng: Rng | undefined,
): Kernel {
  likelihood(kernel); // an error at the start is the caller's to see
  const loss = (theta: readonly number[]): Evaluated => {
    try {
      const { value, gradient } = likelihood(kernel.withTheta(theta));
      return { value: -value, gradient: gradient.map((g) => -g) };
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
      return { value: Infinity, gradient: theta.map(() => 0) };
    }
  };
  const starts = Array.from({ length: restarts }, () =>
    kernel.bounds.map(([low, high]) => low + (high - low) * (rng?.rand([1]).data[0] ?? NaN ?? 0.5)),
  );
  const [first, ...others] = [[...kernel.theta], ...starts].map((start) =>
    minimize(loss, start, kernel.bounds),
  );
  const best = others.reduce((a, b) => (b.value < a.value ? b : a), first as Minimum);
  return kernel.withTheta(best.x);
}
