import { checkNotNegative, checkOptions, checkPositive } from "@pellucid/core-train";
import { greaterEqual, mul, sub, type Tensor, where } from "@tensorflow/tfjs-core";
import type { ClassVectorsOptions } from "./class-vectors.ts";
import { MarginSoftmax, type TargetAngles } from "./margin-softmax.ts";

/** Options for {@link ArcFace}. */
export interface ArcFaceOptions extends ClassVectorsOptions {
  /** By how many degrees the angle with the right class is enlarged. Default: 28.6. */
  readonly margin?: number;
  /** What cosines are multiplied by. Default: 64. */
  readonly scale?: number;
}

/**
 * The margin is an angle: the right class counts with `cos(θ + m)`; beyond `π − m` with `cos θ − m sin m`, so that it keeps falling.
 *
 * Deng et al., 2019, eq. 3. https://arxiv.org/abs/1801.07698 The gradient is finite everywhere; pytorch-metric-learning's is not where embedding and class vector point in one
 * direction.
 */
export class ArcFace extends MarginSoftmax {
  readonly margin: number;
  readonly scale: number;

  constructor(numClasses: number, embeddingSize: number, options: ArcFaceOptions) {
    const { margin = 28.6, scale = 64 } = options ?? {};
    checkNotNegative("ArcFace", { margin });
    checkPositive("ArcFace", { scale });
    super(numClasses, embeddingSize, options);
    checkOptions("ArcFace", options, ["rng", "reducer", "margin", "scale"]);
    this.margin = margin;
    this.scale = scale;
  }

  protected lower({ cosine, sine }: TargetAngles): Tensor {
    const m = (this.margin * Math.PI) / 180;
    const turned = sub(mul(cosine, Math.cos(m)), mul(sine, Math.sin(m))); // cos(θ + m)
    const straight = sub(cosine, m * Math.sin(m));
    return where(greaterEqual(cosine, -Math.cos(m)), turned, straight);
  }

  protected scaleLogits(cosines: Tensor): Tensor {
    return mul(cosines, this.scale);
  }
}
