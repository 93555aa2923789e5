import { gradient } from "@pellucid/core-train";
import { mul, sum, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Options for {@link checkGradient}. */
export interface CheckGradientOptions {
  /** The step of the central difference. Default: 1e-2, the best for 32-bit numbers of size 1. */
  readonly step?: number;
  /** Default: 1e-2 of the largest gradient, the precision of a central difference in 32 bits. */
  readonly tolerance?: number;
}

/**
 * Expects the gradient of `Σ w · f(x)`, with fixed uneven weights `w`, to agree with central differences at every entry of
 * `x`.
 */
export function checkGradient<X extends Tensor>(
  f: (x: X) => Tensor,
  x: X,
  options: CheckGradientOptions = {},
): void {
  const { step = 1e-2, tolerance = 1e-2 } = options;
  tidy(() => {
    const weighted = (at: X) => {
      const y = f(at);
      const weights = Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.7 * i + 0.3));
      return sum(mul(y, tensor(weights, y.shape)));
    };
    const computed = gradient(weighted)(x).dataSync();
    const values = x.dataSync();
    const moved = (i: number, by: number) => {
      const at = Float32Array.from(values);
      at[i] = (at[i] as number) + by;
      return weighted(tensor(at, x.shape) as X).dataSync()[0] as number;
    };
    const measured = Array.from(values, (_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
    const scale = Math.max(1, ...measured.map(Math.abs));
    expect(computed).toBeAllclose(measured, { rtol: 0, atol: tolerance * scale });
  });
}
