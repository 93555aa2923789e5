import {
  type Buffer,
  bufferValue,
  checkArguments,
  checkRng,
  checkSizeArray,
  checkSizes,
  type HasTorchLayout,
  type HostTensor,
  init,
  initialized,
  type Initializer,
  isTraining,
  matMul,
  Module,
  noGrad,
  normalizeVectors,
  OptionError,
  type Parameter,
  permute,
  type Rng,
  sizeOf,
  stateBuffer,
  type TorchLayout,
  updateBuffer,
} from "@pellucid/core-train";
import {
  div,
  mul,
  type Rank,
  reshape,
  sum,
  type Tensor,
  type Tensor1D,
  transpose,
  tidy,
} from "@tensorflow/tfjs-core";

/** How often the power method runs at construction. PyTorch then checks the parametrization, by which it runs as in a step of training. */
const FIRST_ITERATIONS = 15;
const EPS = 1e-12;

/**
 * A weight divided by its largest singular value, which the power method follows in training mode: PyTorch's
 * `parametrizations.spectral_norm`, with its names and its draws.
 *
 * As a matrix, the weight has one row per output channel. The state is the weight before it is divided, and the singular vectors `u` and `v`.
 */
export class SpectralWeight<R extends Rank> extends Module implements HasTorchLayout {
  readonly original: Parameter<R>;
  readonly u: Buffer<Rank.R1>;
  readonly v: Buffer<Rank.R1>;
  readonly powerIterations: number;
  /** Our axes of the weight, as {@link permute} takes them. */
  readonly #axes: readonly number[];
  /** The axes of our layout in the order of the matrix: the output channel, then PyTorch's others. */
  readonly #rows: readonly number[];

  /**
   * @param shape PyTorch's
   * @param axes what reorders it to ours
   * @param outputAxis the axis of the output channels in PyTorch's: 1 for a transposed convolution
   * @param between draws what PyTorch draws after the weight and before the singular vectors: the bias
   * @throws {OptionError} For a shape, axis or number of iterations that is none, or without a random generator.
   * @throws {StructError} For arguments of another kind.
   */
  constructor(
    shape: readonly number[],
    axes: readonly number[],
    outputAxis: number,
    powerIterations: number,
    options: { readonly rng: Rng; readonly between: () => void },
  ) {
    super();
    checkSizeArray("SpectralWeight", "shape", shape);
    checkArguments("SpectralWeight", { "size[]": { axes }, size: { outputAxis } });
    checkSizes("SpectralWeight", { powerIterations });
    checkRng("SpectralWeight", options);
    const { rng, between } = options;
    checkArguments("SpectralWeight", { function: { between } });
    if (outputAxis >= shape.length)
      throw new OptionError("SpectralWeight", "outputAxis", outputAxis, `an axis of [${shape.join(", ")}]`);
    const rows = shape[outputAxis] ?? 0;
    const theirs = [outputAxis, ...[...shape.keys()].filter((axis) => axis !== outputAxis)];
    let u: HostTensor<Float32Array> = init.zeros()([rows]);
    let v: HostTensor<Float32Array> = init.zeros()([sizeOf(shape) / rows]);
    let drawn: HostTensor<Float32Array> | undefined;
    const draw: Initializer = (wanted, generator) =>
      (drawn = init.kaimingUniform({ a: Math.sqrt(5) })(wanted, generator));
    this.original = initialized<R>(shape, draw, rng, axes);
    between();
    if (drawn !== undefined) {
      const matrix = permute(drawn, theirs).data;
      rng.randn([rows]); // PyTorch draws both vectors; the first iteration only uses the second
      [u, v] = leadingVectors(matrix, rng.randn(v.shape).data, FIRST_ITERATIONS + powerIterations);
    }
    this.u = stateBuffer(u);
    this.v = stateBuffer(v);
    this.powerIterations = powerIterations;
    this.#axes = axes;
    this.#rows = theirs.map((axis) => axes.indexOf(axis));
  }

  get torchLayout(): TorchLayout {
    return { original: { axes: this.#axes }, u: { name: "0._u" }, v: { name: "0._v" } };
  }

  /** The weight that has the singular value 1, of the shape of the original. */
  value(): Tensor<R> {
    return tidy(() => {
      const rows = this.u.size;
      const matrix = reshape<Rank.R2>(transpose<Tensor>(this.original, [...this.#rows]), [rows, -1]); // [row, column]
      if (isTraining(this)) noGrad(() => this.#follow(matrix));
      const [u, v] = [bufferValue(this.u), bufferValue(this.v)];
      const sigma = sum(mul(u, matMul<Tensor1D>(matrix, v)));
      return div(this.original, sigma) as Tensor<R>;
    });
  }

  #follow(matrix: Tensor): void {
    const unit = (x: Tensor1D): Tensor1D => normalizeVectors(x, { axis: 0, eps: EPS });
    for (let i = 0; i < this.powerIterations; i++) {
      updateBuffer(this.u, () => unit(matMul<Tensor1D>(matrix, bufferValue(this.v))));
      updateBuffer(this.v, () => unit(matMul<Tensor1D>(bufferValue(this.u), matrix)));
    }
  }
}

/** The singular vectors of the largest singular value of `matrix`, by the power method from `v`. */
function leadingVectors(
  matrix: Float32Array,
  from: Float32Array,
  iterations: number,
): [u: HostTensor<Float32Array>, v: HostTensor<Float32Array>] {
  const columns = from.length;
  const rows = matrix.length / columns;
  const at = (i: number, j: number): number => matrix[i * columns + j] ?? NaN;
  let [u, v] = [new Float32Array(rows), unit(from)];
  for (let k = 0; k < iterations; k++) {
    u = unit(u.map((_, i) => v.reduce((total, x, j) => total + at(i, j) * x, 0)));
    v = unit(v.map((_, j) => u.reduce((total, x, i) => total + at(i, j) * x, 0)));
  }
  return [
    { data: u, shape: [rows] },
    { data: v, shape: [columns] },
  ];
}

function unit(x: Float32Array): Float32Array<ArrayBuffer> {
  const length = Math.sqrt(x.reduce((total, value) => total + value ** 2, 0));
  return x.map((value) => value / Math.max(length, EPS)) as Float32Array<ArrayBuffer>;
}
