import { checkShape, elu, matMul } from "@pellucid/core-train";
import { add, concat, div, ones, slice, sum, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { retention, type RetentionInputs } from "./retention.ts";

/** How linear attention is computed. */
export interface LinearAttentionOptions {
  /** Makes features positive, so that their products can be shares. Default: `elu(x) + 1`. */
  readonly featureMap?: (x: Tensor4D) => Tensor4D;
  /** Whether none looks ahead. Default: false. */
  readonly isCausal?: boolean;
  /** How many moments are computed at once where none looks ahead. Default: all. */
  readonly chunkSize?: number;
}

/**
 * Attention whose shares are products of features rather than a softmax, so that keys and values can be summed up before any query is
 * asked: the cost is that of the sequence, not of its square.
 *
 *     y = φ(q) (φ(k)ᵀ v) / φ(q) Σ φ(k)
 *
 * Katharopoulos et al., 2020. Transformers are RNNs. https://arxiv.org/abs/2006.16236
 *
 * What is gained is a state of one size; the price is that a query cannot single out one key as sharply as a softmax does.
 *
 * @returns `[batch, head, time, value]`
 * @throws {ShapeError} If the shapes do not go together.
 */
export function linearAttention(
  { query, key, value }: Omit<RetentionInputs, "initial">,
  options: LinearAttentionOptions = {},
): Tensor4D {
  const { featureMap = (x: Tensor4D) => add<Tensor4D>(elu(x), 1), isCausal = false, chunkSize } = options;
  const who = "linearAttention";
  checkShape(who, "query", query, ["batch", "head", "time", "feature"]);
  const [batch, heads, , features] = query.shape;
  checkShape(who, "key", key, [batch, heads, isCausal ? query.shape[2] : "time", features]);
  checkShape(who, "value", value, [batch, heads, key.shape[2], "value"]);
  return tidy(() => {
    const [q, k] = [featureMap(query), featureMap(key)];
    if (!isCausal) {
      const summary = matMul<Tensor4D>(k, value, true, false); // [batch, head, feature, value]
      const total = sum<Tensor4D>(k, 2, true); // [batch, head, 1, feature]
      return div(matMul<Tensor4D>(q, summary), matMul(q, total, false, true));
    }
    const width = value.shape[3];
    const counted = concat(
      [value, ones<Tensor4D["rankType"]>([...value.shape.slice(0, 3), 1] as Tensor4D["shape"])],
      3,
    );
    const decays = new Array<number>(heads).fill(1);
    const { y } = retention(
      { query: q, key: k, value: counted },
      { decays, ...(chunkSize && { chunkSize }) },
    );
    const [rows, many, time] = y.shape;
    return div(
      slice(y, [0, 0, 0, 0], [rows, many, time, width]),
      slice(y, [0, 0, 0, width], [rows, many, time, 1]),
    );
  });
}
