import { checkOptions, checkPositive, checkSizes, clamp, detach, norm } from "@pellucid/core-train";
import { acos, div, floor, mod, mul, onesLike, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { ClassVectorsOptions } from "./class-vectors.ts";
import { MarginSoftmax, type TargetAngles } from "./margin-softmax.ts";

/** Options for {@link SphereFace}. */
export interface SphereFaceOptions extends ClassVectorsOptions {
  /** By what integer the angle with the right class is multiplied. Default: 4. */
  readonly margin?: number;
  /** What logits are multiplied by. Default: 1. */
  readonly scale?: number;
}

/**
 * The right class counts with `(−1)^k cos(m θ) − 2 k` for `θ` from `k π / m` to `(k + 1) π / m`, and logits are multiplied by the embedding's length. Liu et al., 2017, eqs. 6–7.
 * https://arxiv.org/abs/1704.08063
 */
export class SphereFace extends MarginSoftmax {
  readonly margin: number;
  readonly scale: number;

  constructor(numClasses: number, embeddingSize: number, options: SphereFaceOptions) {
    const { margin = 4, scale = 1 } = options ?? {};
    checkSizes("SphereFace", { margin });
    checkPositive("SphereFace", { scale });
    super(numClasses, embeddingSize, options);
    checkOptions("SphereFace", options, ["rng", "reducer", "margin", "scale"]);
    this.margin = margin;
    this.scale = scale;
  }

  protected lower({ cosine }: TargetAngles): Tensor {
    const angle = acos(clamp(detach(cosine), -1, 1)); //      [batch]
    const k = floor(div(angle, Math.PI / this.margin)); //    [batch], a constant
    const sign = sub(1, mul(2, mod(k, 2)));
    return sub(mul(sign, cosineOfMultiple(cosine, this.margin)), mul(2, k));
  }

  protected scaleLogits(cosines: Tensor, embeddings: Tensor): Tensor {
    return mul(mul(cosines, norm(embeddings, 2, 1, true)), this.scale);
  }
}

/** `cos(m θ)` by Chebyshev's recurrence, from `cos θ`. */
function cosineOfMultiple(cosine: Tensor, m: number): Tensor {
  let [before, current]: [Tensor, Tensor] = [onesLike(cosine), cosine];
  for (let i = 1; i < m; i++) [before, current] = [current, sub(mul(mul(2, cosine), current), before)];
  return current;
}
