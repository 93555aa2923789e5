import { type Layer, LayerNorm, Linear, Module, pad, type Rng } from "@pellucid/core-train";
import { reshape, type Tensor4D, tidy, transpose } from "@tensorflow/tfjs-core";

/** Joins four neighboring patches and halves their channels: `[…, height, width, dim]` to `[…, height / 2, width / 2, 2 dim]`. */
export class PatchMerging extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly reduction: Linear;
  readonly norm: LayerNorm;
  readonly version: 1 | 2;

  constructor(dim: number, version: 1 | 2, { rng }: { readonly rng: Rng }) {
    super();
    this.version = version;
    this.reduction = new Linear(4 * dim, 2 * dim, { rng, bias: false });
    this.norm = new LayerNorm(version === 1 ? 4 * dim : 2 * dim);
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns `[batch, height / 2, width / 2, 2 dim]`, sizes rounded up
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const joined = joinNeighbors(x); // [batch, height / 2, width / 2, 4 dim]
      return this.version === 1
        ? this.reduction.forward(this.norm.forward(joined))
        : this.norm.forward(this.reduction.forward(joined));
    });
  }
}

/** The four patches of each 2×2, upper left, lower left, upper right, lower right; odd maps are padded by zeros. */
function joinNeighbors(x: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const even = pad(x, [
    [0, 0],
    [0, height % 2],
    [0, width % 2],
    [0, 0],
  ]);
  const pairs: Tensor4D = reshape(even, [batch * rows, 2, 2 * columns, channels]);
  return reshape(transpose(pairs, [0, 2, 1, 3]), [batch, rows, columns, 4 * channels]);
}
