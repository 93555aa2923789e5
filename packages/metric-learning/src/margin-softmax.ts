import {
  checkLabels,
  crossEntropy,
  init,
  type Layer,
  matMul,
  Module,
  normalizeVectors,
  oneHot,
  type Parameter,
} from "@pellucid/core-train";
import {
  add,
  expandDims,
  gather,
  mul,
  onesLike,
  type Rank,
  sub,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import {
  checkLabeled,
  classVectors,
  type ClassVectorsOptions,
  type LabeledEmbeddings,
} from "./class-vectors.ts";
import { safeSqrt } from "./distance.ts";
import { meanOfAll, type Reducer } from "./reducers.ts";

/** The angle of each embedding with the vector of its own class. */
export interface TargetAngles {
  /** `[batch]` */
  readonly cosine: Tensor1D;
  /** `[batch]`, 0 or more */
  readonly sine: Tensor1D;
}

/**
 * A classifier of directions that makes the right class harder: logits are cosines with a learned vector for each class, of which that of the right class is lowered before the
 * cross-entropy. The base of {@link ArcFace}, {@link CosFace} and {@link SphereFace}.
 */
export abstract class MarginSoftmax extends Module implements Layer<LabeledEmbeddings, Tensor> {
  readonly numClasses: number;
  readonly embeddingSize: number;
  readonly reducer: Reducer;
  /** `[feature, class]` */
  readonly W: Parameter<Rank.R2>;

  constructor(numClasses: number, embeddingSize: number, options: ClassVectorsOptions) {
    super();
    const sizes = { numClasses, embeddingSize };
    this.W = classVectors(new.target.name, sizes, [embeddingSize, numClasses], init.normal(), options);
    this.numClasses = numClasses;
    this.embeddingSize = embeddingSize;
    this.reducer = options.reducer ?? meanOfAll;
  }

  get torchLayout(): Readonly<Record<string, { readonly name: string }>> {
    return { W: { name: "W" } };
  }

  /** The cosine that stands for the right class, lowered. */
  protected abstract lower(angles: TargetAngles): Tensor;

  /** Logits of cosines. */
  protected abstract scaleLogits(cosines: Tensor, embeddings: Tensor): Tensor;

  /** @returns one number */
  forward(input: LabeledEmbeddings): Tensor {
    const { numClasses } = this;
    checkLabeled(this, input);
    const { labels } = input;
    checkLabels(this.constructor.name, labels, numClasses);
    return tidy(() => {
      const losses = crossEntropy(this.marginLogits(input), labels, { reduction: "none" }); // [batch]
      return this.reducer(losses, onesLike(losses));
    });
  }

  /** The logits of the loss, in which the right class is lowered: `[batch, class]`. */
  marginLogits({ embeddings, labels }: LabeledEmbeddings): Tensor2D {
    return tidy(() => {
      const [unit, vectors] = this.#directions(embeddings); //                                       [batch, feature], [class, feature]
      const cosines = matMul(unit, vectors, false, true) as Tensor2D; //                             [batch, class]
      const own = gather(vectors, labels); //                                                        [batch, feature]
      const cosine = sum(mul(unit, own), 1) as Tensor1D; //                                          [batch]
      const rest = sub(unit, mul(expandDims(cosine, 1), own)); // precise where the angle is small   [batch, feature]
      const sine = safeSqrt(sum(square(rest), 1)) as Tensor1D; //                                    [batch]
      const change = expandDims(sub(this.lower({ cosine, sine }), cosine), 1); //                    [batch, 1]
      const lowered = add(cosines, mul(oneHot(labels, this.numClasses), change));
      return this.scaleLogits(lowered, embeddings) as Tensor2D;
    });
  }

  /** Logits without a margin, for classifying: `[batch, class]`. */
  logits(embeddings: Tensor): Tensor2D {
    return tidy(() => {
      const [unit, vectors] = this.#directions(embeddings);
      return this.scaleLogits(matMul(unit, vectors, false, true), embeddings) as Tensor2D;
    });
  }

  #directions(embeddings: Tensor): [unit: Tensor2D, vectors: Tensor2D] {
    return [normalizeVectors(embeddings as Tensor2D), normalizeVectors(transpose(this.W))];
  }
}
