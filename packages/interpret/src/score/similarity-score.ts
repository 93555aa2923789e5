import {
  checkArguments,
  checkShape,
  cosineSimilarity,
  type Layer,
  type Structured,
} from "@pellucid/core-train";
import { broadcastTo, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { Score } from "./score.ts";

/**
 * How near an input is to a reference in an embedding: the cosine of the angle between their vectors. It explains which pixels make two faces the same person.
 *
 * @param model from a batch to vectors `[batch, feature]`
 * @param reference the vector of what it is compared with, `[1, feature]` for all examples, or one for each; borrowed, for as long as the score is used
 */
export function similarityScore<X extends Structured<X>>(
  model: Layer<X, Tensor2D>,
  reference: Tensor2D,
): Score<X> {
  checkArguments("similarityScore", { "{ forward }": { model } });
  return (x) =>
    tidy(() => {
      const vectors = model.forward(x); // [batch, feature]
      checkShape("similarityScore", "the model's output", vectors, ["batch", "feature"]);
      const [batch, features] = vectors.shape;
      const rows = reference.shape[0] === 1 ? 1 : batch;
      checkShape("similarityScore", "reference", reference, [rows, features]);
      return cosineSimilarity(vectors, broadcastTo(reference, [batch, features])) as Tensor1D; // [batch]
    });
}
