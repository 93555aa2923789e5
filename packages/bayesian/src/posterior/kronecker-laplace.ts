import {
  checkArguments,
  checkChoice,
  checkOptions,
  checkPositive,
  checkShape,
  DataError,
  OptionError,
  type Linear,
  sizeAlong,
} from "@pellucid/core-train";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { Matrix } from "@pellucid/core-train/linalg";
import type { LogitDistribution } from "./last-layer-laplace.ts";
import { layerJacobians, type LayerJacobians, linearLayers, type LinearModel } from "./layer-jacobians.ts";
import { probit } from "./probit.ts";
import { softmaxCurvature } from "./softmax-curvature.ts";
import { symmetricEigen, type SymmetricEigen } from "./symmetric-eigen.ts";

/** Options for {@link KroneckerLaplace}. */
export interface KroneckerLaplaceOptions {
  /** Whether outputs are logits of classes, or means of normal targets. Default: `"classification"`. */
  readonly likelihood?: "classification" | "regression";
  /** The precision of the prior of each weight, which is normal with mean 0. Default: 1. */
  readonly priorPrecision?: number;
  /** The standard deviation of the targets of a regression. Default: 1. */
  readonly sigmaNoise?: number;
}

/** The training data: `y` are labels, int32 `[example]`, or targets, `[example, output]`. */
export interface LaplaceExamples {
  readonly x: Tensor2D;
  readonly y: Tensor1D | Tensor2D;
}

/** The curvature of a layer, `B ⊗ A` for its weights and `B` for its biases, by eigenvectors. */
interface Block {
  readonly inputs: SymmetricEigen;
  readonly outputs: SymmetricEigen;
  readonly hasBias: boolean;
}

/**
 * A normal distribution of all weights of a trained network of linear layers, from the curvature of its loss, in which each layer has a Kronecker product (KFAC):
 *
 *     H = B ⊗ A + λ I,   A = mean of a aᵀ,   B = Σ Gᵀ Λ G
 *
 * with the inputs `a` of a layer, the derivatives `G` of all outputs by those of the layer, and the curvature `Λ` of the loss by the outputs, `diag p − ppᵀ` or `1 / σ²`. Biases have `B + λ I` of their own. The precision `λ` is added to
 * the eigenvalues, not to the factors. Where there is one example, or one layer and a regression, it is the whole generalized Gauss–Newton matrix. Numbers are those of laplace-torch's `KronLaplace`, with its
 * linearized predictions. In 64 bits.
 *
 * ```ts
 * const laplace = await KroneckerLaplace.fit(model, { x, y }, { priorPrecision: 10 });
 * const [probabilities] = await laplace.predict(other);
 * ```
 *
 * Ritter et al., 2018. https://openreview.net/forum?id=Skdvd2xAZ Daxberger et al., 2021. Laplace redux. https://arxiv.org/abs/2106.14806
 */
export class KroneckerLaplace {
  readonly likelihood: "classification" | "regression";
  readonly priorPrecision: number;
  readonly sigmaNoise: number;
  /** Of the training data, under the trained weights. */
  readonly logLikelihood: number;
  readonly #model: LinearModel;
  readonly #layers: readonly Linear[];
  readonly #blocks: readonly Block[];
  readonly #squaredNorm: number;

  private constructor(parts: Parts) {
    if ((parts as Partial<Parts> | undefined)?.blocks === undefined)
      throw new OptionError(
        "KroneckerLaplace",
        "argument",
        typeof parts,
        "none: KroneckerLaplace.fit(model, { x, y }) makes one",
      );
    ({
      likelihood: this.likelihood,
      priorPrecision: this.priorPrecision,
      sigmaNoise: this.sigmaNoise,
    } = parts.settings);
    this.logLikelihood = parts.logLikelihood;
    this.#model = parts.model;
    this.#layers = parts.layers;
    this.#blocks = parts.blocks;
    this.#squaredNorm = parts.squaredNorm;
  }

  /**
   * Measures the curvature of a trained model, which stays the caller's and must not change afterwards.
   *
   * @throws OptionError for a model that trains more than linear layers
   * @throws ShapeError unless every layer reads `[example, feature]`
   */
  static async fit(
    model: LinearModel,
    examples: LaplaceExamples,
    options: KroneckerLaplaceOptions = {},
  ): Promise<KroneckerLaplace> {
    const caller = "KroneckerLaplace.fit";
    checkArguments(caller, { module: { model }, "{ x, y }": { examples } });
    checkOptions(caller, options, ["likelihood", "priorPrecision", "sigmaNoise"]);
    const { likelihood = "classification", priorPrecision = 1, sigmaNoise = 1 } = options;
    checkChoice(caller, "likelihood", likelihood, ["classification", "regression"]);
    checkPositive(caller, { priorPrecision, sigmaNoise });
    const { x, y } = examples;
    checkShape(caller, "x", x, ["example", "feature"]);
    if (sizeAlong(x, 0) === 0) throw new DataError(`${caller}: x has no examples, expected one at least.`);
    const layers = linearLayers(caller, model);
    const found = await layerJacobians(model, layers, x);
    if (found.outputs.some((row) => !row.every(Number.isFinite)))
      throw new DataError(
        `${caller}: the model gives numbers that are not finite, expected finite ones: look for NaN in x and in the weights.`,
      );
    const count = found.outputs.length;
    const width = found.outputs[0]?.length ?? 0;
    checkShape(caller, "y", y, likelihood === "classification" ? [count] : [count, width]);
    const targets = await y.data();
    if (!Array.from(targets).every(Number.isFinite))
      throw new DataError(`${caller}: y has numbers that are not finite, expected finite ones.`);
    const settings = { likelihood, priorPrecision, sigmaNoise };
    const curvatures = found.outputs.map((row) => curvatureOf(row, settings));
    return new KroneckerLaplace({
      model,
      layers,
      settings,
      blocks: found.layers.map((layer) => blockOf(layer, curvatures)),
      squaredNorm: await squaredNormOf(layers),
      logLikelihood: found.outputs.reduce(
        (sum, row, n) =>
          sum +
          (likelihood === "classification"
            ? logProbability(row, targets[n] ?? NaN)
            : logNormal(row, targets.slice(n * width, (n + 1) * width), sigmaNoise)),
        0,
      ),
    });
  }

  /** The distribution of the outputs of each example, of the model linearized at its weights: without the noise of targets. */
  async outputs(x: Tensor2D): Promise<LogitDistribution[]> {
    const { outputs, layers } = await layerJacobians(this.#model, this.#layers, x);
    const { priorPrecision } = this;
    return outputs.map((mean, n) => {
      const covariance = mean.map(() => 0);
      const rows: Float64Array[] = Array.from(mean, () => Float64Array.from(covariance));
      for (const [l, { inputs, gradients }] of layers.entries()) {
        const { inputs: a, outputs: b, hasBias } = this.#blocks[l] as Block;
        const squares = turned(a, inputs[n] as Float64Array).map((value) => value * value);
        const each = gradients.map((of) => turned(b, of[n] as Float64Array));
        const spread = b.values.map(
          (outer) =>
            squares.reduce(
              (sum, square, j) => sum + square / (outer * (a.values[j] ?? NaN) + priorPrecision),
              0,
            ) + (hasBias ? 1 / (outer + priorPrecision) : 0),
        );
        for (const [c, row] of rows.entries())
          for (let d = 0; d < row.length; d++)
            row[d] =
              (row[d] ?? NaN) +
              spread.reduce((sum, s, i) => sum + s * (each[c]?.[i] ?? NaN) * (each[d]?.[i] ?? NaN), 0);
      }
      return { mean, covariance: rows };
    });
  }

  /** Probabilities of each example by the probit approximation: the softmax of `mean / √(1 + π/8 · variance)`. MacKay, 1992. */
  async predict(x: Tensor2D): Promise<Float64Array[]> {
    return (await this.outputs(x)).map(probit);
  }

  /** The logarithm of the marginal likelihood, by which priors and networks are compared: `log p(y | ŵ) − λ/2 ‖ŵ‖² + ½ log det λ − ½ log det H`. */
  logMarginalLikelihood(priorPrecision = this.priorPrecision): number {
    checkPositive("KroneckerLaplace.logMarginalLikelihood", { priorPrecision });
    const ratio = this.#blocks.reduce((total, { inputs, outputs, hasBias }) => {
      const sum = outputs.values.reduce((part, outer) => {
        const weights = inputs.values.reduce(
          (all, inner) => all + Math.log1p((outer * inner) / priorPrecision),
          0,
        );
        return part + weights + (hasBias ? Math.log1p(outer / priorPrecision) : 0);
      }, 0);
      return total + sum;
    }, 0);
    return this.logLikelihood - (priorPrecision * this.#squaredNorm + ratio) / 2;
  }
}

type Settings = Required<KroneckerLaplaceOptions>;

interface Parts {
  readonly model: LinearModel;
  readonly layers: readonly Linear[];
  readonly settings: Settings;
  readonly blocks: readonly Block[];
  readonly squaredNorm: number;
  readonly logLikelihood: number;
}

function blockOf({ layer, inputs, gradients }: LayerJacobians, curvatures: readonly Matrix[]): Block {
  const a = zeros(inputs[0]?.length ?? 0);
  const b = zeros(gradients[0]?.[0]?.length ?? 0);
  for (const [n, input] of inputs.entries()) {
    addOuter(a, input, input, 1 / inputs.length);
    for (const [c, row] of (curvatures[n] as Matrix).entries())
      for (const [d, curvature] of row.entries())
        addOuter(b, gradients[c]?.[n] as Float64Array, gradients[d]?.[n] as Float64Array, curvature);
  }
  const [inner, outer] = [a, b].map(positive) as [SymmetricEigen, SymmetricEigen];
  return { inputs: inner, outputs: outer, hasBias: layer.bias !== null };
}

/** Rounding can make an eigenvalue of 0 a little less. */
function positive(matrix: Matrix): SymmetricEigen {
  const { values, vectors } = symmetricEigen(matrix);
  return { values: values.map((value) => Math.max(value, 0)), vectors };
}

const curvatureOf = (row: Float64Array, { likelihood, sigmaNoise }: Settings): Matrix => {
  if (likelihood === "regression")
    return Array.from(row, (_, c) => row.map((__, d) => (c === d ? sigmaNoise ** -2 : 0)));
  const logs = logSoftmax(row);
  return softmaxCurvature(logs.map(Math.exp));
};

function logSoftmax(row: Float64Array): Float64Array {
  const largest = Math.max(...row);
  const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  return row.map((value) => value - largest - Math.log(total));
}

const logProbability = (row: Float64Array, label: number): number => {
  const log = logSoftmax(row)[label];
  if (log === undefined)
    throw new DataError(`KroneckerLaplace.fit: a label is ${label}, expected 0 to ${row.length - 1}.`);
  return log;
};

const logNormal = (row: Float64Array, target: ArrayLike<number>, sigma: number): number =>
  row.reduce(
    (sum, value, i) =>
      sum - 0.5 * (((target[i] ?? NaN) - value) / sigma) ** 2 - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI),
    0,
  );

async function squaredNormOf(layers: readonly Linear[]): Promise<number> {
  const values = await Promise.all(
    layers
      .flatMap(({ weight, bias }) => (bias === null ? [weight] : [weight, bias]))
      .map((each) => each.data()),
  );
  return values.reduce((sum, each) => sum + Float64Array.from(each).reduce((part, w) => part + w * w, 0), 0);
}

const zeros = (n: number): Float64Array[] => Array.from({ length: n }, () => new Float64Array(n));

function addOuter(to: readonly Float64Array[], left: Float64Array, right: Float64Array, scale: number): void {
  for (const [i, row] of to.entries())
    for (let j = 0; j < row.length; j++)
      row[j] = (row[j] ?? NaN) + scale * (left[i] ?? NaN) * (right[j] ?? NaN);
}

/** `Qᵀ x` */
const turned = ({ vectors }: SymmetricEigen, x: Float64Array): Float64Array =>
  x.map((_, i) => vectors.reduce((sum, row, k) => sum + (row[i] ?? NaN) * (x[k] ?? NaN), 0));
