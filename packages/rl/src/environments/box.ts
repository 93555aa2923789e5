import { checkArguments, OptionError, ShapeError } from "@pellucid/core-train";
import type { NumpyGenerator } from "../random/numpy-generator.ts";

/** Vectors between two bounds, either of which may be infinite: Gymnasium's `Box` of one axis. */
export class Box {
  readonly kind = "box";
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly shape: readonly [number];

  /**
   * @throws ShapeError where the bounds have different lengths
   * @throws OptionError where a lower bound is above its upper bound, or NaN
   */
  constructor(low: ArrayLike<number>, high: ArrayLike<number>) {
    checkArguments("Box", { numbers: { low, high } });
    if (low.length !== high.length || low.length === 0)
      throw new ShapeError(
        `Box: low has ${low.length} numbers and high ${high.length}, expected as many, at least one.`,
      );
    this.low = Float32Array.from(low);
    this.high = Float32Array.from(high);
    this.shape = [low.length];
    this.low.forEach((bound, i) => {
      if (!(bound <= (this.high[i] ?? NaN)))
        throw new OptionError("Box", `low[${i}]`, bound, `at most high[${i}] = ${this.high[i]}`);
    });
  }

  contains(x: unknown): x is ArrayLike<number> {
    if (!isList(x) || x.length !== this.low.length) return false;
    return this.low.every((low, i) => (x[i] ?? NaN) >= low && (x[i] ?? NaN) <= (this.high[i] ?? NaN));
  }

  /** Uniform between finite bounds. */
  sample(random: NumpyGenerator): Float32Array {
    return this.low.map((low, i) => random.uniform(low, this.high[i] ?? NaN));
  }

  toString(): string {
    return `${this.low.length} number${this.low.length === 1 ? "" : "s"} from [${this.low.join(", ")}] to [${this.high.join(", ")}]`;
  }
}

const isList = (x: unknown): x is ArrayLike<number> =>
  (Array.isArray(x) || ArrayBuffer.isView(x)) && "length" in x;
