import type { Rng } from "./rng.ts";
import { uniform53 } from "./uniform53.ts";
import { checkPositive, checkRng } from "../check-values.ts";

/** A number from 0 to 1 of the beta distribution with both parameters `alpha`, as `torch.distributions.Beta` draws it. */
export function beta(alpha: number, rng: Rng): number {
  checkPositive("beta", { alpha });
  checkRng("beta", { rng });
  const [first, second] = [gamma(alpha, rng), gamma(alpha, rng)];
  return Math.fround(first / (first + second));
}

/** Marsaglia and Tsang, 2000, with PyTorch's constants. https://doi.org/10.1145/358407.358414 */
function gamma(alpha: number, rng: Rng): number {
  if (alpha < 1) return (1 - uniform53(rng)) ** (1 / alpha) * gamma(alpha + 1, rng);
  const d = alpha - Math.fround(1 / 3);
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.randn([1]).data[0] as number;
    const y = 1 + c * x;
    if (y <= 0) continue;
    const v = y ** 3;
    const u = 1 - uniform53(rng);
    if (u < 1 - Math.fround(0.0331) * x ** 4) return d * v;
    if (Math.log(u) < 0.5 * x ** 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
