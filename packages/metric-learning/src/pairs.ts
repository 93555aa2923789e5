import { checkRecord, checkShape, DataError, ShapeError } from "@pellucid/core-train";
import {
  cast,
  equal,
  expandDims,
  eye,
  mul,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

/** Which examples of a batch form pairs: 1 where an anchor (the row) and another example (the column) do. */
export interface PairMasks {
  /** Of one class, `[batch, batch]`. */
  readonly positive: Tensor2D;
  /** Of different classes, `[batch, batch]`. */
  readonly negative: Tensor2D;
}

/**
 * All pairs of a batch. An example is not its own positive.
 *
 * @param labels `[batch]`
 * @returns `[batch, batch]` each
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} for labels of another number of axes
 */
export function allPairs(labels: Tensor): PairMasks {
  checkShape("allPairs", "labels", labels, ["batch"]);
  const same = cast(equal(expandDims(labels, 1), expandDims(labels, 0)), "float32") as Tensor2D; // [batch, batch]
  return { positive: sub<Tensor2D>(same, eye(labels.shape[0] ?? 0)), negative: sub<Tensor2D>(1, same) };
}

/**
 * All triplets of some pairs: `[anchor, positive, negative]`, 1 where they are one.
 *
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 */
export function tripletsOf(pairs: PairMasks): Tensor3D {
  checkRecord("tripletsOf", "pairs", pairs, ["positive", "negative"]);
  const { positive, negative } = pairs;
  checkShape("tripletsOf", "positive", positive, ["anchor", "positive"]);
  checkShape("tripletsOf", "negative", negative, [positive.shape[0], "negative"]);
  return mul<Tensor3D>(expandDims(positive, 2), expandDims(negative, 1));
}

/** Throws unless there is a label for each embedding. */
export function checkBatch(caller: string, embeddings: Tensor, labels: Tensor): void {
  checkShape(caller, "embeddings", embeddings, ["batch", "feature"]);
  if (embeddings.size === 0)
    throw new ShapeError(`${caller}: embeddings is [${embeddings.shape.join(", ")}], expected at least one.`);
  checkShape(caller, "labels", labels, [embeddings.shape[0] ?? 0], "One label for each embedding.");
  if (labels.dtype !== "int32")
    throw new DataError(
      `${caller}: labels are ${labels.dtype}, expected int32. Make them with tensor1d(labels, "int32").`,
    );
}
