import {
  type Buffer,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialized,
  type Initializer,
  type Layer,
  matMul,
  Module,
  type Parameter,
  type Rng,
  sizeOf,
  stateBuffer,
  tidyLeaves,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  broadcastTo,
  div,
  exp,
  expandDims,
  eye,
  mul,
  neg,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";
import { luDecomposition } from "./lu-decomposition.ts";

/** Options for {@link InvertibleConv1x1}. */
export interface InvertibleConv1x1Options {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * Mixes the channels at each position by an invertible matrix, kept as `W = P L (U + diag(s))`: a fixed permutation, two triangular matrices, and a
 * diagonal of fixed signs. The determinant is then `Σ log |s|` per position, and the inverse two triangular ones.
 *
 * Kingma and Dhariwal, 2018, section 3.2. https://arxiv.org/abs/1807.03039. It starts as a random rotation, drawn as
 * `torch.nn.init.orthogonal_`.
 */
export class InvertibleConv1x1 extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** `P`, `[channel, channel]` */
  readonly permutation: Buffer<Rank.R2>;
  /** The signs of `s`, `[channel]` */
  readonly sign: Buffer<Rank.R1>;
  /** `L` below the diagonal, `[channel, channel]`; the rest does not count. */
  readonly lower: Parameter<Rank.R2>;
  /** `U` above the diagonal, `[channel, channel]`; the rest does not count. */
  readonly upper: Parameter<Rank.R2>;
  /** `log |s|`, `[channel]` */
  readonly logScale: Parameter<Rank.R1>;

  constructor(channels: number, options: InvertibleConv1x1Options) {
    super();
    checkRng("InvertibleConv1x1", options);
    checkOptions("InvertibleConv1x1", options, ["rng"]);
    checkSizes("InvertibleConv1x1", { channels });
    let matrix = init.eye()([channels, channels]);
    const rotation: Initializer = (shape, rng) => (matrix = init.orthogonal()(shape, rng));
    initialized([channels, channels], rotation, options.rng).dispose();
    const { permutation, lower, upper, diagonal } = luDecomposition(matrix.data, channels);
    const square = (data: Float32Array) => ({ data, shape: [channels, channels] });
    this.permutation = stateBuffer(square(permutation));
    this.sign = stateBuffer({ data: diagonal.map(Math.sign), shape: [channels] });
    this.lower = initialized([channels, channels], () => square(lower));
    this.upper = initialized([channels, channels], () => square(upper));
    this.logScale = initialized([channels], () => ({
      data: diagonal.map((s) => Math.log(Math.abs(s))),
      shape: [channels],
    }));
  }

  /** `W`, `[out, in]`: an output is `W` times the channels of a position. */
  weight(): Tensor2D {
    return tidy(() => {
      const { lower, upper } = this.#triangles();
      return matMul<Tensor2D>(this.permutation, matMul(lower, upper));
    });
  }

  /** @param x `[batch, …, channel]` */
  forward(x: Tensor): Transformed {
    return tidyLeaves(() => ({ output: this.#apply(x, this.weight()), logDet: this.#volume(x, 1) }));
  }

  /** @param y `[batch, …, channel]` */
  inverse(y: Tensor): Transformed {
    return tidyLeaves(() => {
      const { lower, upper, scale } = this.#triangles();
      const unitUpper = div<Tensor2D>(upper, expandDims(scale, 1)); //         1 on the diagonal
      const ofUpper = div<Tensor2D>(inverseOfUnit(unitUpper), scale);
      const ofLower = matMul<Tensor2D>(inverseOfUnit(lower), this.permutation, false, true);
      return { output: this.#apply(y, matMul(ofUpper, ofLower)), logDet: this.#volume(y, -1) };
    });
  }

  #triangles(): { readonly lower: Tensor2D; readonly upper: Tensor2D; readonly scale: Tensor } {
    const n = this.logScale.size;
    const below = tensor2d(
      triangle(n, (i, j) => j < i),
      [n, n],
    );
    const above = tensor2d(
      triangle(n, (i, j) => j > i),
      [n, n],
    );
    const scale = mul(this.sign, exp(this.logScale)); //                       [channel]
    const lower = add<Tensor2D>(mul(this.lower, below), eye(n));
    const upper = add<Tensor2D>(mul(this.upper, above), mul(eye(n), scale));
    return { lower, upper, scale };
  }

  #apply(x: Tensor, weight: Tensor2D): Tensor {
    const n = this.logScale.size;
    checkShape("InvertibleConv1x1", "x", x, ["...", n]);
    const rows = reshape<Rank.R2>(x, [-1, n]); //                              [row, channel]
    return reshape(matMul(rows, weight, false, true), x.shape);
  }

  #volume(x: Tensor, sign: number): Transformed["logDet"] {
    const total = mul(sign * sizeOf(x.shape.slice(1, -1)), sum(this.logScale)); // []
    return broadcastTo<Rank.R1>(reshape(total, [1]), [sizeAlong(x, 0)]);
  }
}

const triangle = (n: number, holds: (i: number, j: number) => boolean): number[] =>
  Array.from({ length: n * n }, (_, k) => (holds(Math.floor(k / n), k % n) ? 1 : 0));

/** The inverse of a triangular matrix `I + N` with ones on its diagonal: `Π (I + (−N)^(2^k))`, exact as `N^n = 0`. */
function inverseOfUnit(matrix: Tensor2D): Tensor2D {
  const n = matrix.shape[0];
  let power: Tensor2D = neg(add(matrix, neg(eye(n))));
  let inverse: Tensor2D = add(power, eye(n));
  for (let reach = 2; reach < n; reach *= 2) {
    power = matMul(power, power);
    inverse = add(inverse, matMul(inverse, power));
  }
  return inverse;
}
