import { checkSizes } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";

/** The integers from 0 to `n − 1`: Gymnasium's `Discrete`. */
export class Discrete {
  readonly kind = "discrete";

  readonly n: number;

  constructor(n: number) {
    checkSizes("Discrete", { n });
    this.n = n;
  }

  contains(x: unknown): x is number {
    return Number.isInteger(x) && (x as number) >= 0 && (x as number) < this.n;
  }

  sample(random: NumpyGenerator): number {
    return random.integers(0, this.n);
  }

  toString(): string {
    return `an integer from 0 to ${this.n - 1}`;
  }
}
