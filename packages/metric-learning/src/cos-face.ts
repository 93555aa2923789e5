import { checkNotNegative, checkOptions, checkPositive } from "@pellucid/core-train";
import { mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { ClassVectorsOptions } from "./class-vectors.ts";
import { MarginSoftmax, type TargetAngles } from "./margin-softmax.ts";

/** Options for {@link CosFace}. */
export interface CosFaceOptions extends ClassVectorsOptions {
  /** By how much the cosine with the right class is lowered. Default: 0.35. */
  readonly margin?: number;
  /** What cosines are multiplied by. Default: 64. */
  readonly scale?: number;
}

/** The right class counts with `cos θ − m`. Wang et al., 2018, eq. 4. https://arxiv.org/abs/1801.09414 */
export class CosFace extends MarginSoftmax {
  readonly margin: number;
  readonly scale: number;

  constructor(numClasses: number, embeddingSize: number, options: CosFaceOptions) {
    const { margin = 0.35, scale = 64 } = options ?? {};
    checkNotNegative("CosFace", { margin });
    checkPositive("CosFace", { scale });
    super(numClasses, embeddingSize, options);
    checkOptions("CosFace", options, ["rng", "reducer", "margin", "scale"]);
    this.margin = margin;
    this.scale = scale;
  }

  protected lower({ cosine }: TargetAngles): Tensor {
    return sub(cosine, this.margin);
  }

  protected scaleLogits(cosines: Tensor): Tensor {
    return mul(cosines, this.scale);
  }
}
