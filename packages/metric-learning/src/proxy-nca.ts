import {
  checkLabels,
  checkOptions,
  checkPositive,
  crossEntropy,
  init,
  type Layer,
  Module,
  type Parameter,
} from "@pellucid/core-train";
import { mul, onesLike, type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import {
  checkLabeled,
  classVectors,
  type ClassVectorsOptions,
  type LabeledEmbeddings,
} from "./class-vectors.ts";
import { euclidean } from "./distance.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** Options for {@link ProxyNca}. */
export interface ProxyNcaOptions extends ClassVectorsOptions {
  /** What negative squared distances are multiplied by. Default: 1. */
  readonly softmaxScale?: number;
}

/**
 * Each embedding against a learned proxy of each class: the cross-entropy of their negative squared distances, both normalized. Movshovitz-Attias et al., 2017. https://arxiv.org/abs/1703.07464 The
 * right class is in the denominator, as in pytorch-metric-learning and in ProxyNCA++.
 */
export class ProxyNca extends Module implements Layer<LabeledEmbeddings, Tensor> {
  readonly numClasses: number;
  readonly embeddingSize: number;
  readonly softmaxScale: number;
  readonly reducer: Reducer;
  /** `[class, feature]` */
  readonly proxies: Parameter<Rank.R2>;

  constructor(numClasses: number, embeddingSize: number, options: ProxyNcaOptions) {
    super();
    const { softmaxScale = 1, reducer = meanOfAll } = options ?? {};
    checkPositive("ProxyNca", { softmaxScale });
    const sizes = { numClasses, embeddingSize };
    this.proxies = classVectors("ProxyNca", sizes, [numClasses, embeddingSize], init.normal(), options);
    checkOptions("ProxyNca", options, ["rng", "reducer", "softmaxScale"]);
    this.numClasses = numClasses;
    this.embeddingSize = embeddingSize;
    this.softmaxScale = softmaxScale;
    this.reducer = reducer;
  }

  /** @returns one number */
  forward(input: LabeledEmbeddings): Tensor {
    const { embeddings, labels } = input;
    checkLabeled(this, input);
    checkLabels("ProxyNca", labels, this.numClasses);
    return tidy(() => {
      const distances = euclidean({ power: 2 }).matrix(embeddings, this.proxies); //              [batch, class]
      const losses = crossEntropy(mul(-this.softmaxScale, distances), labels, { reduction: "none" });
      return this.reducer(losses, onesLike(losses));
    });
  }
}
