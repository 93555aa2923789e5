import {
  checkFinite,
  checkLabels,
  checkOptions,
  checkPositive,
  init,
  type Layer,
  maximum,
  Module,
  oneHot,
  type Parameter,
} from "@pellucid/core-train";
import {
  add,
  any,
  cast,
  div,
  greater,
  mul,
  type Rank,
  sub,
  sum,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import {
  checkLabeled,
  classVectors,
  type ClassVectorsOptions,
  type LabeledEmbeddings,
} from "./class-vectors.ts";
import { cosine } from "./distance.ts";
import { maskedLogSumExp } from "./masked-log-sum-exp.ts";

/** Options for {@link ProxyAnchor}. */
export interface ProxyAnchorOptions extends Omit<ClassVectorsOptions, "reducer"> {
  /** Default: 0.1. */
  readonly margin?: number;
  /** The scale. Default: 32. */
  readonly alpha?: number;
}

/**
 * Each proxy against all embeddings of the batch: `Σ log(1 + Σ_p exp(−α (s − margin)))` by the number of classes in the batch plus `Σ log(1 + Σ_n exp(α (s + margin)))` by that of all classes, with the cosines `s`.
 *
 * Kim et al., 2020, eq. 4. https://arxiv.org/abs/2003.13911
 */
export class ProxyAnchor extends Module implements Layer<LabeledEmbeddings, Tensor> {
  readonly numClasses: number;
  readonly embeddingSize: number;
  readonly margin: number;
  readonly alpha: number;
  /** `[class, feature]` */
  readonly proxies: Parameter<Rank.R2>;

  constructor(numClasses: number, embeddingSize: number, options: ProxyAnchorOptions) {
    super();
    const { margin = 0.1, alpha = 32 } = options ?? {};
    checkFinite("ProxyAnchor", { margin });
    checkPositive("ProxyAnchor", { alpha });
    const sizes = { numClasses, embeddingSize };
    const draw = init.kaimingNormal({ mode: "fanOut" });
    this.proxies = classVectors("ProxyAnchor", sizes, [numClasses, embeddingSize], draw, options);
    checkOptions("ProxyAnchor", options, ["rng", "margin", "alpha"]);
    this.numClasses = numClasses;
    this.embeddingSize = embeddingSize;
    this.margin = margin;
    this.alpha = alpha;
  }

  /** @returns one number */
  forward(input: LabeledEmbeddings): Tensor {
    const { embeddings, labels } = input;
    const { numClasses, margin, alpha } = this;
    checkLabeled(this, input);
    checkLabels("ProxyAnchor", labels, numClasses);
    return tidy(() => {
      const cosines = cosine().matrix(embeddings, this.proxies); //                  [batch, class]
      const own = oneHot(labels, numClasses); //                                               [batch, class]
      const pull = maskedLogSumExp(mul(alpha, sub(margin, cosines)), own, 0, true); //         [1, class]
      const push = maskedLogSumExp(mul(alpha, add(cosines, margin)), sub(1, own), 0, true); // [1, class]
      const present = sum(cast(any(greater(own, 0), 0), "float32"));
      return add(div(sum(pull), maximum(present, 1)), div(sum(push), numClasses));
    });
  }
}
