import { checkSizes, checkRng } from "../check-values.ts";
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { initialized } from "../init/initialized.ts";
import type { Initializer } from "../init/initializer.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { uniform } from "../init/uniform.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { linear } from "../op/linear.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";

/** Options for {@link Linear}. */
export interface LinearOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
  /** Initializer of `W`, in PyTorch's shape `[out, in]`. Default: uniform within `± 1 / √in`. */
  readonly init?: Initializer;
}

/**
 * `y = x W + b` over the last axis. `init` initializes `W`, then `b` is drawn uniformly within `± 1 / √in`.
 *
 * PyTorch keeps `W` as `[out, in]`; loading and saving transposes it.
 */
export class Linear extends Module implements Layer<Tensor, Tensor>, HasTorchLayout {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** `[in, out]` */
  readonly weight: Parameter<Rank.R2>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions) {
    super();
    checkRng("Linear", options);
    checkOptions("Linear", options, ["rng", "bias", "init"]);
    checkSizes("Linear", { inFeatures, outFeatures });
    const { rng, bias = true, init = kaimingUniform({ a: Math.sqrt(5) }) } = options;
    const bound = 1 / Math.sqrt(inFeatures);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = initialized([outFeatures, inFeatures], init, rng, [1, 0]);
    this.bias = bias ? initialized([outFeatures], uniform(-bound, bound), rng) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [1, 0] } };
  }

  /**
   * @param x `[..., in]`
   * @returns `[..., out]`
   */
  forward<X extends Tensor>(x: X): X {
    const { inFeatures, outFeatures, weight, bias } = this;
    checkShape(`${this.constructor.name}(${inFeatures}, ${outFeatures})`, "x", x, ["...", inFeatures]);
    return linear(x, weight, bias); // [..., out]
  }
}
