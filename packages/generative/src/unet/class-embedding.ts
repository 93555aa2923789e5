import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  drawn,
  Embedding,
  init,
  Module,
  type Rng,
} from "@pellucid/core-train";
import { add, cast, mul, neg, step, sub, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link ClassEmbedding}. */
export interface ClassEmbeddingOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/** The features of a class; class −1 is "none", which guidance without a classifier needs. */
export class ClassEmbedding extends Module {
  readonly numClasses: number;
  /** One row per class, and the last for none. */
  readonly embeddingTable: Embedding;

  constructor(numClasses: number, features: number, options: ClassEmbeddingOptions) {
    super();
    checkRng("ClassEmbedding", options);
    checkOptions("ClassEmbedding", options, ["rng"]);
    checkSizes("ClassEmbedding", { numClasses, features });
    const { rng } = options;
    this.numClasses = numClasses;
    this.embeddingTable = new Embedding(numClasses + 1, features, { rng, init: init.normal(0, 0.02) });
  }

  /**
   * @param classes `[batch]`, from −1
   * @returns `[batch, feature]`
   */
  forward(classes: Tensor1D): Tensor2D {
    checkShape("ClassEmbedding", "classes", classes, ["batch"]);
    return tidy(() => {
      const ids = cast(classes, "float32");
      const rows = add(ids, mul(step(neg(ids)), this.numClasses + 1)); // −1 is the last row
      return this.embeddingTable.forward(cast(rows, "int32") as Tensor1D);
    });
  }
}

/**
 * Replaces classes with −1, each with a probability, so that a model also learns what it predicts without a class. Ho and Salimans, 2022, algorithm 1.
 * https://arxiv.org/abs/2207.12598
 *
 * @param classes `[batch]`
 * @returns `[batch]`
 * @throws {StructError} For what is not a tensor.
 * @throws {OptionError} For a wrong probability, or without a random generator.
 */
export function dropClasses(
  classes: Tensor1D,
  probability: number,
  options: { readonly rng: Rng },
): Tensor1D {
  checkShape("dropClasses", "classes", classes, ["batch"]);
  checkProbabilities("dropClasses", { probability });
  checkRng("dropClasses", options);
  const { rng } = options;
  return tidy(() => {
    const kept = drawn(() => rng.bernoulli(1 - probability, classes.shape));
    const next = add(cast(classes, "float32"), 1); // 0 for none
    return cast(sub(mul(next, kept), 1), "int32") as Tensor1D;
  });
}
