import {
  checkRecord,
  checkRng,
  checkShape,
  checkSizes,
  type Initializer,
  initialized,
  Module,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { checkBatch } from "./pairs.ts";
import type { Reducer } from "./reducers.ts";

/** Embeddings and what they are of. */
export interface LabeledEmbeddings {
  /** `[batch, feature]` */
  readonly embeddings: Tensor;
  /** `[batch]` int32, from 0 to the number of classes − 1 */
  readonly labels: Tensor;
}

/** The options of losses with a learned vector for each class. */
export interface ClassVectorsOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How the losses become one. */
  readonly reducer?: Reducer;
}

/** The learned vector of each class, drawn in PyTorch's shape. */
export function classVectors(
  caller: string,
  sizes: { readonly numClasses: number; readonly embeddingSize: number },
  shape: readonly [number, number],
  init: Initializer,
  options: ClassVectorsOptions,
): Parameter<Rank.R2> {
  checkRng(caller, options);
  checkSizes(caller, sizes);
  return initialized([...shape], init, options.rng);
}

/** Throws unless embeddings and labels fit a loss with a vector for each class. */
export function checkLabeled(
  caller: Module & { readonly numClasses: number; readonly embeddingSize: number },
  input: LabeledEmbeddings,
): void {
  const { numClasses, embeddingSize } = caller;
  const name = `${caller.constructor.name}(${numClasses}, ${embeddingSize})`;
  checkRecord(name, "the input of forward", input, ["embeddings", "labels"]);
  const { embeddings, labels } = input;
  checkBatch(name, embeddings, labels);
  checkShape(name, "embeddings", embeddings, ["batch", embeddingSize]);
}
