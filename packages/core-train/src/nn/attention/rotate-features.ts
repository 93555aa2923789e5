import { add, concat, mul, neg, slice, type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import { matMul } from "../../op/mat-mul.ts";
import { checkTensor } from "../../check-tensor.ts";

/**
 * Rotates pairs of features: `x ∘ cosines + (a, b → −b, a) ∘ sines`. Call it in a `tidy`.
 *
 * @param x `[..., feature]`
 * @param cosines of the angle of each feature; it broadcasts to `x`
 * @param sines as `cosines`
 * @param interleaved whether neighboring features form a pair; otherwise features half of them apart
 */
export function rotateFeatures<X extends Tensor>(
  x: X,
  cosines: Tensor,
  sines: Tensor,
  interleaved: boolean,
): X {
  checkTensor("rotateFeatures", "x", x);
  checkTensor("rotateFeatures", "cosines", cosines);
  checkTensor("rotateFeatures", "sines", sines);
  const quarterTurn = interleaved ? turnNeighbors(x) : turnHalves(x);
  return add(mul(x, cosines), mul(quarterTurn, sines));
}

/** `(a, b)` -> `(−b, a)`, `a` and `b` the halves of the last axis */
function turnHalves(x: Tensor): Tensor {
  const half = (x.shape.at(-1) ?? 0) / 2;
  const size = x.shape.with(-1, half);
  const start = x.shape.map(() => 0);
  return concat([neg(slice(x, start.with(-1, half), size)), slice(x, start, size)], x.rank - 1);
}

/** `(a, b)` -> `(−b, a)`, `a` and `b` neighbors in the last axis: a product with a matrix of 0 and ±1 is faster than slices. */
function turnNeighbors(x: Tensor): Tensor {
  const features = x.shape.at(-1) ?? 0;
  const turn = Float32Array.from({ length: features * features }, (_, i) => {
    const [from, to] = [Math.floor(i / features), i % features];
    if ((from ^ 1) !== to) return 0;
    return to < from ? -1 : 1;
  });
  return matMul(x, tensor2d(turn, [features, features]));
}
