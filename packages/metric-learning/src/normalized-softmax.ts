import {
  checkLabels,
  checkOptions,
  checkPositive,
  crossEntropy,
  init,
  type Layer,
  matMul,
  Module,
  normalizeVectors,
  type Parameter,
} from "@pellucid/core-train";
import { div, onesLike, type Rank, type Tensor, type Tensor2D, tidy, transpose } from "@tensorflow/tfjs-core";
import {
  checkLabeled,
  classVectors,
  type ClassVectorsOptions,
  type LabeledEmbeddings,
} from "./class-vectors.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** Options for {@link NormalizedSoftmax}. */
export interface NormalizedSoftmaxOptions extends ClassVectorsOptions {
  /** What logits are divided by. Default: 0.05. */
  readonly temperature?: number;
}

/**
 * The cross-entropy of cosines with a learned direction for each class, divided by a temperature. Zhai and Wu, 2019. https://arxiv.org/abs/1811.12649
 */
export class NormalizedSoftmax extends Module implements Layer<LabeledEmbeddings, Tensor> {
  readonly numClasses: number;
  readonly embeddingSize: number;
  readonly temperature: number;
  readonly reducer: Reducer;
  /** `[feature, class]` */
  readonly W: Parameter<Rank.R2>;

  constructor(numClasses: number, embeddingSize: number, options: NormalizedSoftmaxOptions) {
    super();
    const { temperature = 0.05, reducer = meanOfAll } = options ?? {};
    checkPositive("NormalizedSoftmax", { temperature });
    const sizes = { numClasses, embeddingSize };
    this.W = classVectors("NormalizedSoftmax", sizes, [embeddingSize, numClasses], init.normal(), options);
    checkOptions("NormalizedSoftmax", options, ["rng", "reducer", "temperature"]);
    this.numClasses = numClasses;
    this.embeddingSize = embeddingSize;
    this.temperature = temperature;
    this.reducer = reducer;
  }

  get torchLayout(): Readonly<Record<string, { readonly name: string }>> {
    return { W: { name: "W" } };
  }

  /** @returns one number */
  forward(input: LabeledEmbeddings): Tensor {
    checkLabeled(this, input);
    checkLabels("NormalizedSoftmax", input.labels, this.numClasses);
    return tidy(() => {
      const losses = crossEntropy(this.logits(input.embeddings), input.labels, { reduction: "none" }); // [batch]
      return this.reducer(losses, onesLike(losses));
    });
  }

  /** `[batch, class]` */
  logits(embeddings: Tensor): Tensor2D {
    return tidy(() => {
      const vectors = normalizeVectors(transpose(this.W)); //                                      [class, feature]
      return div(matMul(normalizeVectors(embeddings), vectors, false, true), this.temperature) as Tensor2D; // [batch, class]
    });
  }
}
