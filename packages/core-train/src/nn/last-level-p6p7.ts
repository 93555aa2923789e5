import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { checkRng, checkSizes } from "../check-values.ts";
import { constant } from "../init/constant.ts";
import { initialize } from "../init/initialize.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { Module } from "../module/module.ts";
import type { Rng } from "../rng/rng.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { FeatureMaps } from "./backbone.ts";
import { Conv2d } from "./conv2d.ts";
import type { ExtraLevels, PyramidLevels } from "./extra-levels.ts";
import { relu } from "./relu.ts";

/** Options for {@link LastLevelP6P7}. */
export interface LastLevelP6P7Options {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * Two levels `p6` and `p7` by convolutions of stride 2, torchvision's `LastLevelP6P7`: of the last level of the pyramid if `inChannels` is
 * `outChannels`, else of the last feature map below it.
 *
 * Lin et al., 2017. Focal loss for dense object detection, footnote 2. https://arxiv.org/abs/1708.02002
 */
export class LastLevelP6P7 extends Module implements ExtraLevels {
  readonly names = ["p6", "p7"];
  readonly p6: Conv2d;
  readonly p7: Conv2d;
  readonly useP5: boolean;

  constructor(inChannels: number, outChannels: number, options: LastLevelP6P7Options) {
    super();
    checkRng("LastLevelP6P7", options);
    checkOptions("LastLevelP6P7", options, ["rng"]);
    checkSizes("LastLevelP6P7", { inChannels, outChannels });
    const { rng } = options;
    this.p6 = new Conv2d(inChannels, outChannels, 3, { rng, stride: 2, padding: 1 });
    this.p7 = new Conv2d(outChannels, outChannels, 3, { rng, stride: 2, padding: 1 });
    for (const conv of [this.p6, this.p7]) {
      initialize(conv, "weight", kaimingUniform({ a: 1 }), rng);
      initialize(conv, "bias", constant(0), rng);
    }
    this.useP5 = inChannels === outChannels;
  }

  forward({ levels, inputs }: PyramidLevels): FeatureMaps {
    const last = Object.values(this.useP5 ? levels : inputs).at(-1) as Tensor4D;
    return tidyLeaves(() => {
      const p6 = this.p6.forward(last); //             [batch, height / 2, width / 2, out]
      return { p6, p7: this.p7.forward(relu(p6)) }; // [batch, height / 4, width / 4, out]
    });
  }
}
