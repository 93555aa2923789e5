import { checkSizes, checkRng } from "../check-values.ts";
import { add, mul, type Rank, reshape, sum, type Tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { sizeOf } from "../host-tensor.ts";
import { initialized } from "../init/initialized.ts";
import { uniform } from "../init/uniform.ts";
import type { Initializer } from "../init/initializer.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import type { Pair } from "./pair.ts";
import { matMul } from "../op/mat-mul.ts";

/** Options for {@link Bilinear}. */
export interface BilinearOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
  /** Initializer of `A`. Default: uniform within `± 1 / √in1`. */
  readonly init?: Initializer;
}

/**
 * `y_o = x1ᵀ A_o x2 + b_o` over the last axes. `A` is initialized by `init`, then `b` uniformly within `± 1 / √in1`.
 */
export class Bilinear extends Module implements Layer<Pair, Tensor> {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  /** `[out, in1, in2]`, as in PyTorch. */
  readonly weight: Parameter<Rank.R3>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, options: BilinearOptions) {
    super();
    checkSizes("Bilinear", { in1Features, in2Features, outFeatures });
    checkRng("Bilinear", options);
    checkOptions("Bilinear", options, ["rng", "bias", "init"]);
    const bound = 1 / Math.sqrt(in1Features);
    const { rng, bias = true, init = uniform(-bound, bound) } = options;
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = initialized([outFeatures, in1Features, in2Features], init, rng);
    this.bias = bias ? initialized([outFeatures], uniform(-bound, bound), rng) : null;
  }

  /**
   * @param pair `x1` `[..., in1]` and `x2` `[..., in2]`
   * @returns `[..., out]`
   */
  forward<X extends Tensor>({ x1, x2 }: Pair<X>): X {
    const { in1Features, in2Features, outFeatures, weight, bias } = this;
    const name = `Bilinear(${in1Features}, ${in2Features}, ${outFeatures})`;
    const leading = x1.shape.slice(0, -1);
    const rows = sizeOf(leading);
    checkShape(name, "x1", x1, ["...", in1Features]);
    checkShape(name, "x2", x2, [...leading, in2Features]);
    return tidy(() => {
      const left = reshape<Rank.R2>(x1, [rows, in1Features]); //                                  [row, in1]
      const columns = reshape<Rank.R2>(transpose(weight, [1, 0, 2]), [
        in1Features,
        outFeatures * in2Features,
      ]); //     [in1, out · in2]
      const forms = reshape(matMul(left, columns), [rows, outFeatures, in2Features]); //          [row, out, in2]
      const y = sum(mul(forms, reshape(x2, [rows, 1, in2Features])), 2); //                       [row, out]
      return reshape(bias === null ? y : add(y, bias), [...leading, outFeatures]) as X; //      [..., out]
    });
  }
}
